"""AdaCos, an angular softmax whose scale sets itself, and sub-cluster AdaCos, with several centers a class."""

import torch
from torch import nn
from torch.nn import functional as F

from ..mixup import unmixed
from .angles import CLIP, angle, check_classes, cosine, glorot, median_angle, nearest
from .scale import exact_start, initial_scale, log_mean_exp_sum, nearest_rank_median, next_scale


class AdaCos(nn.Module):
    r"""Cross entropy of a softmax over cosines, under an adaptive scale.

    $$P_{ij} = \frac{\exp(\tilde s \cos\theta_{ij})}{\sum_{k=1}^C \exp(\tilde s \cos\theta_{ik})}, \qquad
    \tilde s^{(t)} = \frac{\ln B}{\cos(\min(\pi/4, \theta_{\mathrm{med}}))}, \qquad
    B = \frac1N \sum_i \sum_{k \neq y_i} \exp(\tilde s^{(t-1)} \cos\theta_{ik})$$

    Paper: [SCA] eq. 1 to 3.
    Shapes: ``x`` (N, D), ``y`` (N,) or ``Mix`` -> scalar; ``centers`` (C, D); ``scale`` ().
    Raises: ValueError for fewer than 3 classes.
    Choices: eq. 3 knows one class a clip. Of a mixed clip each class with a non-zero label is its own, and left out of
        B; its angle is the blend of both. With 3 classes mixup leaves one other: ln B falls below 0 as soon as its
        cosine does, and s with it. Nothing in the paper forbids that, so give mixed clips more classes.
        The scale changes in training mode only, before the logits are scaled, and without gradient.
    Example:
        >>> loss, x, y = losses.AdaCos(dim=128, classes=41), torch.randn(64, 128), torch.arange(64) % 41
        >>> loss(x, y).ndim, loss.centers.shape
        (0, torch.Size([41, 128]))
    Notebook: 07_adacos
    """

    def __init__(self, dim, classes, trainable=True):
        super().__init__()
        check_classes(classes)
        self.centers = nn.Parameter(glorot(classes, dim), requires_grad=trainable)
        self.start = initial_scale(classes)
        self.register_buffer("scale", torch.tensor(self.start))
        self.register_buffer("median", torch.tensor(torch.pi / 2), persistent=False)

    def forward(self, x, y):
        cos = cosine(x, self.centers)  # (N, C)
        soft = unmixed(y, x.dtype).soft(len(self.centers)).to(x.dtype)
        if self.training:
            self._adapt(cos.detach(), soft)
        return F.cross_entropy(self.scale * cos, soft)

    def extra_repr(self):
        return f"dim={self.centers.shape[1]}, classes={len(self.centers)}"

    def logits(self, x):
        r"""Scaled logits of the classes, $\tilde s \cos\theta_{ij}$.

        Shapes: (N, D) -> (N, C).
        """
        return self.scale * cosine(x, self.centers)

    def probabilities(self, x):
        """The class probabilities $P_{ij}$.

        Paper: [SCA] eq. 1.
        Shapes: (N, D) -> (N, C), rows sum to 1.
        """
        return self.logits(x).softmax(dim=1)

    def watch(self):
        """What training records of this loss: the scale, and the median angle in radians."""
        return {name: value.item() for name, value in self.watched().items()}

    def watched(self):
        """The numbers of ``watch`` as they are now, left on the device."""
        return {"scale": self.scale.clone(), "median_angle": self.median.clone()}

    def _apply(self, fn, recurse=True):
        module = super()._apply(fn, recurse)
        self.scale = exact_start(self.scale, self.start)
        return module

    @torch.no_grad()
    def _adapt(self, cos, soft):
        others = (self.scale * cos).masked_fill(soft > 0, -torch.inf)
        self.median.copy_(median_angle(cos, soft))
        self.scale.copy_(next_scale(log_mean_exp_sum(others), self.median))


class SubClusterAdaCos(nn.Module):
    r"""Cross entropy of class probabilities summed over sub-clusters, under an adaptive scale.

    $$\hat P_{ij} = \sum_{l \in M^{(j)}}
    \frac{\exp(\hat s \cos\theta_{il})}{\sum_{k=1}^{CS} \exp(\hat s \cos\theta_{ik})}, \qquad
    \hat s^{(t)} = \frac{f_{\max} + \ln \hat B}{\cos(\min(\pi/4, \hat\theta_{\mathrm{med}}))}$$

    Paper: [SCA] eq. 4 to 9.
    Shapes: ``x`` (N, D), ``y`` (N,) or ``Mix`` -> scalar; ``centers`` (C, S, D); ``scale`` ().
    Raises: ValueError for a wrong ``variant``, or for fewer than 2 classes or 3 centers in all.
    Choices: the paper does not define the angle of a class with S > 1 sub-clusters: ``variant="paper"`` takes the
        nearest one. Its eq. 8 mixes the angles of two unmixed clips, which are never embedded in training: here, as
        in the code, both angles are those of the mixed clip, to its two classes. ``variant="code"`` sums the angles
        over the sub-clusters and multiplies by the number of classes in the label (for S > 1 the median then lies
        above pi/4 and no longer matters), takes the nearest-rank median, clips cosines by 1e-7, and adds 1e-7 to s.
        ``class_weights`` (C,) weigh each clip by the larger of its two classes, as the code does with balanced ones.
        The scale changes in training mode only, before the logits are scaled, and without gradient.
    Example:
        >>> loss = losses.SubClusterAdaCos(dim=128, classes=41, sub_clusters=16)
        >>> x, y = torch.randn(64, 128), torch.arange(64) % 41
        >>> loss(x, y).ndim, loss.centers.shape
        (0, torch.Size([41, 16, 128]))
    Notebook: 00_start_here, 08_subcluster_adacos
    """

    def __init__(self, dim, classes, sub_clusters=16, variant="paper", trainable=True, class_weights=None):
        super().__init__()
        if variant not in ("paper", "code"):
            raise ValueError(f"variant is 'paper' or 'code', not {variant!r}")
        check_classes(classes)
        self.variant = variant
        self.centers = nn.Parameter(glorot(classes, sub_clusters, dim), requires_grad=trainable)
        self.start = initial_scale(classes * sub_clusters)
        self.register_buffer("scale", torch.tensor(self.start))
        self.register_buffer("median", torch.tensor(torch.pi / 2), persistent=False)
        self.register_buffer("class_weights", class_weights)

    def forward(self, x, y):
        mixed = unmixed(y, x.dtype)
        cos = cosine(x, self.centers)  # (N, C, S)
        soft = mixed.soft(len(self.centers)).to(x.dtype)  # (N, C)
        if self.training:
            self._adapt(cos.detach(), mixed, soft)
        log_p = self._logits(cos).log_softmax(dim=1)
        losses = -(soft * log_p).sum(dim=1)
        if self.class_weights is not None:
            losses = losses * self.class_weights[soft.argmax(dim=1)]
        return losses.mean()

    def extra_repr(self):
        classes, sub_clusters, dim = self.centers.shape
        return f"dim={dim}, classes={classes}, sub_clusters={sub_clusters}, variant={self.variant!r}"

    def logits(self, x):
        r"""Scaled logits of the classes, $\ln \sum_{l \in M^{(j)}} \exp(\hat s \cos\theta_{il})$.

        Paper: [SCA] eq. 9, whose softmax over the classes they are.
        Shapes: (N, D) -> (N, C).
        Example:
            >>> loss, x = losses.SubClusterAdaCos(dim=8, classes=3), torch.randn(5, 8)
            >>> torch.allclose(loss.logits(x).softmax(dim=1), loss.probabilities(x))
            True
        Notebook: 00_start_here
        """
        return self._logits(cosine(x, self.centers))

    def probabilities(self, x):
        r"""The class probabilities $\hat P_{ij}$.

        Paper: [SCA] eq. 9.
        Shapes: (N, D) -> (N, C), rows sum to 1.
        Example:
            >>> p = losses.SubClusterAdaCos(dim=8, classes=3).probabilities(torch.randn(5, 8))
            >>> torch.allclose(p.sum(dim=1), torch.ones(5))
            True
        Notebook: 00_start_here
        """
        return self.logits(x).softmax(dim=1)

    def watch(self):
        """What training records of this loss: the scale, and the median angle in radians.

        Example:
            >>> losses.SubClusterAdaCos(dim=8, classes=3, sub_clusters=1).watch()  # sqrt(2) ln 2, and pi / 2
            {'scale': 0.980..., 'median_angle': 1.570...}
        Notebook: 00_start_here
        """
        return {name: value.item() for name, value in self.watched().items()}

    def watched(self):
        """The numbers of ``watch`` as they are now, left on the device: training reads them once an epoch.

        Shapes: dict of name -> scalar.
        Example:
            >>> losses.SubClusterAdaCos(dim=8, classes=3).watched()["median_angle"]
            tensor(1.5708)
        Notebook: 00_start_here
        """
        return {"scale": self.scale.clone(), "median_angle": self.median.clone()}

    def _logits(self, cos):
        return (self.scale * cos).logsumexp(dim=2)  # (N, C, S) -> (N, C)

    def _apply(self, fn, recurse=True):
        module = super()._apply(fn, recurse)
        self.scale = exact_start(self.scale, self.start)
        return module

    @torch.no_grad()
    def _adapt(self, cos, mixed, soft):
        log_b = log_mean_exp_sum(self.scale * cos.flatten(1))
        if self.variant == "paper":
            self.median.copy_(median_angle(nearest(cos), soft))
            self.scale.copy_(next_scale(log_b, self.median))
        else:
            angles = angle(cos, CLIP).sum(dim=2)  # (N, C)
            own = (soft * angles).sum(dim=1) * (soft > 0).sum(dim=1)
            self.median.copy_(nearest_rank_median(own))
            self.scale.copy_(next_scale(log_b, self.median) + CLIP)
