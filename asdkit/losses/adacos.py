"""AdaCos, an angular softmax whose scale sets itself, and sub-cluster AdaCos, with several centers
a class.
"""

import torch
from torch.nn import functional as F

from .. import given
from .angles import CLIP, angle, cosine, median_angle, nearest
from .classes import ClassLoss
from .scale import initial_scale, log_mean_exp_sum, nearest_rank_median, next_scale, others_scale


class AdaCos(ClassLoss):
    r"""Cross entropy of a softmax over cosines, under an adaptive scale.

    $$P_{ij} = \frac{\exp(\tilde s \cos\theta_{ij})}{\sum_{k=1}^C \exp(\tilde s \cos\theta_{ik})},
    \qquad
    \tilde s^{(t)} = \frac{\ln B}{\cos(\min(\pi/4, \theta_{\mathrm{med}}))}, \qquad
    B = \frac1N \sum_i \sum_{k \neq y_i} \exp(\tilde s^{(t-1)} \cos\theta_{ik})$$

    Paper: [SCA] eq. 1 to 3.
    Shapes: ``x`` (N, D), ``y`` (N,) or ``Mix`` -> scalar; ``centers`` (C, D); ``scale`` ().
    Raises: ValueError for fewer than 3 classes.
    Choices: eq. 3 knows one class a clip. Of a mixed clip each class with a non-zero label is its
        own, and left out of B; its angle is the blend of both. With 3 classes mixup leaves one
        other: ln B falls below 0 as soon as its cosine does, and s with it. Nothing in the paper
        forbids that, so give mixed clips more classes. The scale changes in training mode only,
        before the logits are scaled, and without gradient.
    Example:
        >>> loss = losses.AdaCos(dim=128, classes=41)
        >>> x, y = torch.randn(64, 128), torch.arange(64) % 41
        >>> loss(x, y).ndim, loss.centers.shape
        (0, torch.Size([41, 128]))
    Notebook: 07_adacos
    """

    def __init__(self, dim, classes, trainable=True):
        super().__init__(classes, dim, trainable=trainable)
        self.keep_scale(initial_scale(len(self.centers)))

    def each(self, x, y):
        cos = cosine(x, self.centers)  # (N, C)
        soft = self.labels(x, y)
        if self.training:
            self._adapt(cos.detach(), soft)
        return F.cross_entropy(self.scale * cos, soft, reduction="none")  # eq. 1

    def logits(self, x):
        r"""Scaled logits of the classes, $\tilde s \cos\theta_{ij}$.

        Shapes: (N, D) -> (N, C).
        """
        return self.scale * cosine(x, self.centers)

    @torch.no_grad()
    def _adapt(self, cos, soft):
        self.median.copy_(median_angle(cos, soft))
        self.scale.copy_(others_scale(self.scale, cos, soft, self.median))  # eq. 2 and 3


class SubClusterAdaCos(ClassLoss):
    r"""Cross entropy of class probabilities summed over sub-clusters, under an adaptive scale.

    $$\hat P_{ij} = \sum_{l \in M^{(j)}}
    \frac{\exp(\hat s \cos\theta_{il})}{\sum_{k=1}^{CS} \exp(\hat s \cos\theta_{ik})}, \qquad
    \hat s^{(t)} = \frac{f_{\max} + \ln \hat B}{\cos(\min(\pi/4, \hat\theta_{\mathrm{med}}))}$$

    Paper: [SCA] eq. 4 to 9.
    Shapes: ``x`` (N, D), ``y`` (N,) or ``Mix`` -> scalar; ``centers`` (C, S, D); ``scale`` ().
    Raises: ValueError for a wrong ``variant``, or for fewer than 2 classes or 3 centers in all.
    Choices: the paper does not define the angle of a class with S > 1 sub-clusters:
        ``variant="paper"`` takes the nearest one. Its eq. 8 mixes the angles of two unmixed clips,
        which are never embedded in training: here, as in the code, both angles are those of the
        mixed clip, to its two classes. ``variant="code"`` sums the angles over the sub-clusters and
        multiplies by the number of classes in the label (for S > 1 the median then lies above pi/4
        and no longer matters), takes the nearest-rank median, clips cosines by 1e-7, and adds 1e-7
        to s. With ``counts`` (C,), the training clips of each class, it weighs a clip by its larger
        class as the code does, with $N / (C n_j)$; the paper does not. The scale changes in
        training mode only, before the logits are scaled, and without gradient.
    Example:
        >>> loss = losses.SubClusterAdaCos(dim=128, classes=41, sub_clusters=16)
        >>> x, y = torch.randn(64, 128), torch.arange(64) % 41
        >>> loss(x, y).ndim, loss.centers.shape
        (0, torch.Size([41, 16, 128]))
    Notebook: 00_start_here, 08_subcluster_adacos
    """

    def __init__(self, dim, classes, sub_clusters=16, variant="paper", trainable=True, counts=None):
        if variant not in ("paper", "code"):
            raise ValueError(f"variant is 'paper' or 'code', not {variant!r}")
        sub_clusters = given.count(sub_clusters, "sub_clusters")
        super().__init__(classes, sub_clusters, dim, trainable=trainable)
        self.variant = variant
        self.keep_scale(initial_scale(classes * sub_clusters))  # eq. 6
        weights = None if counts is None else balanced(given.column(counts, "counts", classes))
        self.register_buffer("class_weights", weights if variant == "code" else None)

    def each(self, x, y):
        cos = cosine(x, self.centers)  # (N, C, S)
        soft = self.labels(x, y)  # eq. 4
        if self.training:
            self._adapt(cos.detach(), soft)
        log_p = self._logits(cos).log_softmax(dim=1)
        losses = -(soft * log_p).sum(dim=1)
        return (
            losses
            if self.class_weights is None
            else losses * self.class_weights[soft.argmax(dim=1)]
        )

    def logits(self, x):
        r"""Scaled logits of the classes, $\ln \sum_{l \in M^{(j)}} \exp(\hat s \cos\theta_{il})$.

        Paper: [SCA] eq. 9, whose softmax over the classes they are.
        Shapes: (N, D) -> (N, C).
        """
        return self._logits(cosine(x, self.centers))

    def _logits(self, cos):
        return (self.scale * cos).logsumexp(dim=2)  # eq. 9: (N, C, S) -> (N, C)

    @torch.no_grad()
    def _adapt(self, cos, soft):
        log_b = log_mean_exp_sum(self.scale * cos.flatten(1))  # eq. 5 and 7
        if self.variant == "paper":
            self.median.copy_(median_angle(nearest(cos), soft))  # eq. 8
            self.scale.copy_(next_scale(log_b, self.median))  # eq. 6
        else:
            angles = angle(cos, CLIP).sum(dim=2)  # (N, C)
            own = (soft * angles).sum(dim=1) * (soft > 0).sum(dim=1)
            self.median.copy_(nearest_rank_median(own))
            self.scale.copy_(next_scale(log_b, self.median) + CLIP)


def balanced(counts):
    r"""Weights that make all classes count alike, $N / (C n_j)$.

    Paper: [SCA], code.
    Shapes: ``counts`` (C,) training clips of each class -> (C,) float32.
    """
    counts = torch.as_tensor(counts, dtype=torch.float64)
    return (counts.sum() / (len(counts) * counts)).float()
