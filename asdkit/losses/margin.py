"""Losses that ask for more than being right: the own class must win by a margin."""

import math

import torch
from torch.nn import functional as F

from .. import given
from .angles import cosine, nearest, sine
from .classes import ClassLoss
from .scale import check_scale


class CosFace(ClassLoss):
    r"""Cross entropy of a softmax over cosines from which the own class has the margin subtracted.

    $$L = -\frac1N \sum_i \sum_j \bar y_{ij} \ln
    \frac{\exp(s (\cos\theta_{ij} - m \bar y_{ij}))}
    {\sum_k \exp(s (\cos\theta_{ik} - m \bar y_{ik}))}$$

    Paper: the additive margin softmax, [SCA] reference 13.
    Shapes: ``x`` (N, D), ``y`` (N,) or ``Mix`` -> scalar; ``centers`` (C, D); ``scale`` ();
        ``margin`` in cosines.
    Raises: ValueError for fewer than 2 classes, a scale that is not positive, or a margin outside 0
        to 2.
    Choices: the label of a mixed clip shares the margin out, m lam and m (1 - lam), as the formula
        reads for label vectors; at test time there is none. Centers are Glorot-uniform and trained.
    Example:
        >>> loss = losses.CosFace(dim=128, classes=41, scale=30.0, margin=0.35)
        >>> x, y = torch.randn(41, 128), torch.arange(41)
        >>> plain = torch.nn.functional.cross_entropy(loss.logits(x), y)
        >>> bool(loss(x, y) > plain)  # the margin costs
        True
    Notebook: 06_angles_and_margins
    """

    def __init__(self, dim, classes, scale, margin):
        super().__init__(classes, dim)
        self.margin = given.number(margin, "margin", 0, 2, such_as="0.35, a difference of cosines")
        self.keep_scale(check_scale(scale))

    def each(self, x, y):
        cos = cosine(x, self.centers)  # (N, C)
        soft = self.labels(x, y)
        self.note_median(cos, soft)
        return F.cross_entropy(self.scale * (cos - self.margin * soft), soft, reduction="none")

    def logits(self, x):
        r"""Scaled logits of the classes without a margin, $s \cos\theta_{ij}$.

        Shapes: (N, D) -> (N, C).
        """
        return self.scale * cosine(x, self.centers)


class ArcFace(ClassLoss):
    r"""Cross entropy of a softmax over cosines whose own angle is widened by the margin.

    $$L_{AF}(x, y) = -\bar y^T \ln \mathrm{softmax}(s \cos(\theta + m \bar y))$$

    Paper: [NAM] eq. 1; the sub-centers are those of sub-center ArcFace, [SCA] III-B.
    Shapes: ``x`` (N, D), ``y`` (N,) or ``Mix`` -> scalar; ``centers`` (C, D), or (C, K, D) with K >
        1 ``sub_centers``; ``scale`` (); ``margin`` in radians.
    Raises: ValueError for fewer than 2 classes, a scale that is not positive, a margin outside 0 to
        pi, or no center.
    Choices: beyond $\theta = \pi - m$ the cosine would rise again, so there $\cos\theta - m \sin m$
        takes its place. Of the sub-centers of a class the nearest counts. The label of a mixed clip
        shares the margin out, m lam and m (1 - lam), as the formula reads for label vectors; ArcMix
        does otherwise. Glorot-uniform centers, trained.
    Example:
        >>> loss = losses.ArcFace(dim=128, classes=41, sub_centers=3)
        >>> loss.logits(torch.randn(64, 128)).shape, loss.centers.shape
        (torch.Size([64, 41]), torch.Size([41, 3, 128]))
    Notebook: 06_angles_and_margins
    """

    def __init__(self, dim, classes, scale=30.0, margin=0.5, sub_centers=1):
        sub_centers = given.count(sub_centers, "sub_centers")
        super().__init__(*((classes, dim) if sub_centers == 1 else (classes, sub_centers, dim)))
        self.margin = check_margin(margin)
        self.keep_scale(check_scale(scale))

    def each(self, x, y):
        cos = nearest(cosine(x, self.centers))  # (N, C)
        soft = self.labels(x, y)
        self.note_median(cos, soft)
        return F.cross_entropy(
            self.scale * widened(cos, self.margin * soft), soft, reduction="none"
        )  # [NAM] 1

    def logits(self, x):
        r"""Scaled logits of the classes without a margin, $s \cos\theta_{ij}$.

        Shapes: (N, D) -> (N, C).
        """
        return self.scale * nearest(cosine(x, self.centers))


def check_margin(margin):
    """Check an angle that a class is widened by.

    Shapes: a number in radians -> the same.
    Raises: ValueError where it is outside 0 to pi.
    Example:
        >>> losses.margin.check_margin(40)
        Traceback (most recent call last):
        ValueError: margin is 40: give a number from 0 to 3.14159, such as 0.5 radians
    Notebook: 06_angles_and_margins
    """
    return given.number(margin, "margin", 0, math.pi, such_as="0.5 radians")


def widened(cosine, margin):
    r"""The cosine of an angle widened by a margin, $\cos(\theta + m)$, and below it where that
    would rise again.

    $$\cos\theta \cos m - \sin\theta \sin m \ \text{ where } \cos\theta > \cos(\pi - m), \qquad
    \cos\theta - m \sin(\pi - m) \ \text{ elsewhere}$$

    Paper: [NAM] 1.
    Shapes: ``cosine`` (N, C) and ``margin`` (N, C) in radians -> (N, C).
    Choices: it falls with the angle on both sides of $\theta = \pi - m$, and there jumps from -1 to
        $-\cos m - m \sin m$: downward for every margin below 2.33, far beyond those in use.
    Example:
        >>> losses.margin.widened(torch.tensor([1.0, 0.0, -1.0]), torch.tensor(torch.pi / 3))
        tensor([ 0.5000, -0.8660, -1.9069])
    Notebook: 06_angles_and_margins
    """
    cos_m, sin_m = margin.cos(), margin.sin()
    return torch.where(
        cosine > -cos_m, cosine * cos_m - sine(cosine) * sin_m, cosine - margin * sin_m
    )
