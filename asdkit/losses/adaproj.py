"""AdaProj: the target of a class is a whole subspace, and any place in it is as good as another."""

import torch
from torch import nn
from torch.nn import functional as F

from .. import given
from ..given_tensors import batch
from .angles import angle, unit
from .classes import ClassLoss
from .scale import initial_scale, log_mean_exp_sum, nearest_rank_median, next_scale, others_scale

ADDED = 1e-7


class AdaProj(ClassLoss):
    r"""Cross entropy of a softmax over the cosines between each embedding and its projections to
    the classes' subspaces, under an adaptive scale.

    $$P_{ik} = \frac{\exp(\tilde s \cos\theta_{ik})}{\sum_l \exp(\tilde s \cos\theta_{il})}, \qquad
    \cos\theta_{ik} = \frac{\langle x_i, P_k(x_i) \rangle}{\|x_i\| \|P_k(x_i)\|}, \qquad
    P_k(x) = \sum_{j=1}^J \langle x, c_{kj} \rangle c_{kj}$$

    Paper: [AP] Definition 1.
    Shapes: ``x`` (N, D), ``y`` (N,) or ``Mix`` -> scalar; ``centers`` (C, J, D); ``scale`` ().
    Raises: ValueError for a wrong ``variant``, for J below 1 or above D, for orthonormal centers
        with J = D, whose subspaces are all the whole space, or for too few classes.
    Choices: as printed, the logit is $s$ times the squared distance between $x$ and $P_k(x)$ on the
        sphere, which rewards the distance. We take $s \cos\theta$, its other side: the squared
        distance is $2 (1 - \cos\theta)$. No cosine is negative, so one dimension (J = 1) is a line,
        the center and its opposite alike. Centers are Glorot-uniform, of length 1 in each use, and
        fixed unless ``trainable``; ``orthonormal=True`` turns those of each class into a basis at
        the start, for which $P_k$ is a projection exactly. ``variant="paper"`` takes AdaCos' scale
        ([SCA] eq. 2 and 3). ``variant="code"`` starts at $\sqrt 2 \ln(CJ - 1)$, counts the own
        class of an unmixed clip as 1 in B, takes the nearest-rank median, and adds 1e-7.
    Example:
        >>> loss = losses.AdaProj(dim=4, classes=3, subspace_dim=2, orthonormal=True)
        >>> inside = loss.centers[0, 0] - 3 * loss.centers[0, 1]  # anywhere in the first subspace
        >>> (loss.logits(inside[None]) / loss.scale)[0, 0].round(decimals=5)
        tensor(1.)
    Notebook: 10_adaproj
    """

    def __init__(
        self, dim, classes, subspace_dim=32, variant="paper", trainable=False, orthonormal=False
    ):
        if variant not in ("paper", "code"):
            raise ValueError(f"variant is 'paper' or 'code', not {variant!r}")
        subspace_dim = check_subspace(subspace_dim, dim, orthonormal)
        super().__init__(classes, subspace_dim, dim, trainable=trainable)
        start = orthonormalized(self.centers) if orthonormal else unit(self.centers)
        self.centers = nn.Parameter(start.detach(), requires_grad=trainable)
        self.variant = variant
        self.keep_scale(initial_scale(classes * (subspace_dim if variant == "code" else 1)))

    def each(self, x, y):
        cos = projected_cosine(x, self.centers)  # (N, C)
        soft = self.labels(x, y)
        if self.training:
            self._adapt(cos.detach(), soft)
        return F.cross_entropy(self.scale * cos, soft, reduction="none")

    def logits(self, x):
        r"""Scaled logits of the classes, $\tilde s \cos\theta_{ik}$.

        Shapes: (N, D) -> (N, C).
        """
        return self.scale * projected_cosine(x, self.centers)

    @torch.no_grad()
    def _adapt(self, cos, soft):
        if self.variant == "paper":
            self.note_median(cos, soft)
            self.scale.copy_(others_scale(self.scale, cos, soft, self.median))
        else:
            kept = (self.scale * cos).masked_fill(soft >= 1, 0.0)
            self.median.copy_(nearest_rank_median((soft * angle(cos)).sum(dim=1)))
            self.scale.copy_(next_scale(log_mean_exp_sum(kept), self.median) + ADDED)


def projected_cosine(x, centers):
    r"""Cosine between each embedding and its projection to each class, through the Gram matrix
    $G_k = (\langle c_{ki}, c_{kj} \rangle)_{ij}$ of the class' centers.

    $$\cos\theta_k = \frac{\langle x, P_k(x) \rangle}{\|P_k(x)\|} =
    \frac{\|a_k\|^2}{\sqrt{a_k^T G_k a_k}}, \qquad a_k = (\langle x, c_{kj} \rangle)_j, \quad
    \|x\| = 1$$

    Paper: [AP] Definition 1 and Lemma 2.
    Shapes: ``x`` (N, D), ``centers`` (C, J, D) -> (N, C), in [0, 1].
    Choices: no projection is ever written out, which would be (N, C, D), nor are centers of length
        1: coefficients and Gram matrix are divided by the lengths instead. An embedding at right
        angles to a subspace, or of length 0, has the cosine 0 and the slope 0.
    Example:
        >>> plane = torch.eye(3)[None, :2]  # the first two axes
        >>> losses.adaproj.projected_cosine(torch.tensor([[0.0, 3.0, 4.0]]), plane)
        tensor([[0.6000]])
    Notebook: 10_adaproj
    """
    classes, dims, dim = centers.shape
    batch(x, dim, centers)
    tiny = max(torch.finfo(x.dtype).eps ** 2, torch.finfo(x.dtype).tiny)
    size = torch.linalg.vector_norm(centers, dim=2).clamp_min(tiny)  # (C, J)
    a = (unit(x) @ centers.reshape(-1, dim).T).view(-1, classes, dims) / size
    gram = centers @ centers.mT / (size[:, :, None] * size[:, None])  # (C, J, J)
    length = torch.linalg.vector_norm(a, dim=2)  # (N, C)
    direction = (a / length.clamp_min(tiny)[..., None]).transpose(0, 1)  # (C, N, J)
    square = ((direction @ gram) * direction).sum(dim=2).T  # (N, C)
    return length * square.clamp_min(tiny).rsqrt()


def orthonormalized(centers):
    """An orthonormal basis of the span of each class' centers.

    Paper: the condition of [AP] Lemma 2.
    Shapes: (C, J, D) -> the same.
    Example:
        >>> basis = losses.adaproj.orthonormalized(torch.randn(5, 3, 8))
        >>> torch.allclose(basis @ basis.mT, torch.eye(3), atol=1e-5)
        True
    Notebook: 10_adaproj
    """
    return torch.linalg.qr(centers.mT).Q.mT


def check_subspace(subspace_dim, dim, orthonormal):
    subspace_dim, dim = given.count(subspace_dim, "subspace_dim"), given.count(dim, "dim")
    if subspace_dim > dim:
        raise ValueError(
            f"subspace_dim is {subspace_dim}: give 1 to {dim}, the size of an embedding"
        )
    if given.switch(orthonormal, "orthonormal") and subspace_dim == dim:
        raise ValueError(
            f"{dim} orthonormal centers span all {dim} dimensions: every embedding lies in every "
            f"class: give a subspace_dim below {dim}"
        )
    return subspace_dim
