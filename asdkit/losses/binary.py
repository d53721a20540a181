"""The binary losses: normal clips against clips that play the anomaly. First, the roles a clip can
have.
"""

import torch
from torch import nn
from torch.nn import functional as F

from .. import given
from ..given_tensors import batch, indices, within
from ..mixup import Mix, beside
from .scale import check_scale

# [DDC]: the machine itself, other machines, and the few true anomalies
NORMAL, OUTLIER, ANOMALY = 1, 0, -1
TOLD = "normal 1, outlier 0 and anomaly -1"


class RoleLoss(nn.Module):
    """What the binary losses share: centers of roles, and what training records of them.

    A subclass says what a clip costs, ``cost(x, y)``, and where it has no layer ``head``, the
    ``logits(x)`` of being normal.

    Shapes: ``x`` (N, D), ``y`` (N,) roles or a ``Mix`` of them; ``centers`` (1, D) or (2, D).
    Raises: ValueError for an ``x`` that is no (N, D) of finite floating-point numbers in the type
        of the loss, and a ``y`` that is not one role for each.
    Choices: ``tells`` names what a score can be made of; training calls ``update_centers`` before
        each epoch where ``updated`` says so. A mixed clip costs the blend of both its roles.
    """

    task = "roles"
    tells = ("probability", "distance")
    updated = True
    with_anomalies = False

    def __init__(self, centers):
        super().__init__()
        self.register_buffer("centers", centers, persistent=centers is not None)
        self.register_buffer("noted", torch.zeros(2, 2), persistent=False)

    def forward(self, x, y):
        return self.each(x, y).mean()

    def each(self, x, y):
        label = beside(self.batch(x), y)
        within(label.y, ANOMALY, NORMAL, f"roles, {TOLD}")
        within(label.other, ANOMALY, NORMAL, f"roles, {TOLD}", "other")
        if self.training:
            self._note(x, label.y)
        if not isinstance(y, Mix):
            return self.cost(x, label.y)
        lam = label.lam.to(x.dtype)
        return lam * self.cost(x, label.y) + (1.0 - lam) * self.cost(x, label.other)

    @torch.no_grad()
    def update_centers(self, x, y):
        """Set the centers to the mean embeddings of the normal clips and of the outliers.

        Shapes: ``x`` (N, D) of all training clips, ``y`` (N,) roles.
        Raises: ValueError for labels that are no roles, or where no clip is normal or an outlier.
        """
        self.check_labels(y)
        y = beside(self.batch(x), y).y
        away = (y != NORMAL) if self.with_anomalies else (y == OUTLIER)
        means = torch.stack([x[own].mean(dim=0) for own in (y == NORMAL, away)])
        if self.centers is None:
            self.centers = means
        self.centers.copy_(means[: len(self.centers)])

    def batch(self, x):
        """The embeddings of a batch, once they are seen to be such.

        Shapes: (N, D) -> the same.
        """
        weights = self.head.weight if hasattr(self, "head") else self.centers
        return batch(x, weights.shape[1], weights)

    def check_labels(self, y):
        """Check the roles of all training clips before a training.

        Shapes: ``y`` (N,).
        Raises: ValueError for labels that are no roles, or where no clip has a role that is needed.
        """
        found = set(indices(y).tolist())
        strange = sorted(found - {NORMAL, OUTLIER, ANOMALY})
        if strange:
            raise ValueError(f"{strange[0]} is no role: y holds {TOLD}")
        needed = {NORMAL: "normal: add some", OUTLIER: "outlier: add clips of other machines"}
        if self.with_anomalies:
            needed[ANOMALY] = "anomaly, and with_anomalies asks for their mean: leave it out"
        for role, cure in needed.items():
            if role not in found:
                raise ValueError(f"no training clip has the role {cure}")

    def logits(self, x):
        """The logit of being normal.

        Shapes: (N, D) -> (N,).
        """
        return self.head(self.batch(x))[:, 0]

    def distance(self, x):
        r"""Squared distance to the center of the normal clips, $d = \|z - c_p\|^2$.

        Paper: [DDC] III.
        Shapes: (N, D) -> (N,).
        Raises: ValueError where there are no centers.
        """
        if self.centers is None:
            raise ValueError(
                f"{type(self).__name__} has no centers to measure from: call update_centers before"
            )
        return squares(self.batch(x), self.centers[:1])[:, 0]

    def probabilities(self, x):
        """The probability of being normal, the sigmoid of the logit.

        Shapes: (N, D) -> (N,).
        """
        return self.logits(x).sigmoid()

    def evidence(self, x):
        """What ``RoleFusion`` judges: the probability of being normal, and the squared distance.

        Shapes: (N, D) -> (N, 2).
        """
        return torch.stack([self.probabilities(x), self.distance(x)], dim=1)

    def watch(self):
        """What training records of this loss: means over the last batch, of its normal clips and of
        the others.
        """
        return {name: value.item() for name, value in self.watched().items()}

    def watched(self):
        """The numbers of ``watch`` as they are now, left on the device.

        Shapes: dict of name -> scalar.
        """
        return {
            f"{told}_{who}": self.noted[row, column].clone()
            for column, told in enumerate(("probability", "distance"))
            if told in self.tells
            for row, who in enumerate(("normal", "others"))
        }

    @torch.no_grad()
    def _note(self, x, y):
        own = (y > 0).to(x.dtype)
        of_each = torch.stack([own, 1.0 - own])  # (2, N)
        count = of_each.sum(dim=1, keepdim=True).clamp_min(1.0)
        self.noted.copy_(of_each @ self.evidence(x) / count)

    def extra_repr(self):
        told = {name: value for name, value in vars(self).items() if isinstance(value, int | float)}
        return ", ".join(f"{name}={told[name]}" for name in told if name[0] != "_")


class BinaryCrossEntropy(RoleLoss):
    r"""Cross entropy of one logit that tells normal clips from all others.

    $$L = -\frac{1}{N + M} \Big( \sum_{\text{normal}} \ln p_i + \sum_{\text{others}} \ln (1 - p_i)
    \Big), \qquad p = \mathrm{sigmoid}(w^T z + b)$$

    Paper: [DDC] eq. 1.
    Shapes: ``x`` (N, D), ``y`` (N,) roles or ``Mix`` -> scalar; ``head`` a layer D -> 1.
    Choices: an outlier and a true anomaly cost the same. w is Glorot-uniform and b starts at 0. No
        cost reads ``centers``, so training leaves them None; ``update_centers`` sets them, (2, D).
    Example:
        >>> loss, x = losses.BinaryCrossEntropy(dim=8), torch.zeros(2, 8)
        >>> loss.each(x, torch.tensor([losses.NORMAL, losses.OUTLIER])).detach()  # p = 1/2: ln 2
        tensor([0.6931, 0.6931])
    Notebook: 09_binary_and_centroids
    """

    tells = ("probability",)
    updated = False

    def __init__(self, dim):
        super().__init__(None)
        self.head = head(dim)

    def cost(self, x, y):
        return cross_entropy(self.logits(x), y)

    def evidence(self, x):
        p = self.probabilities(x)
        return torch.stack([p, torch.zeros_like(p)], dim=1)


def head(dim):
    """The last layer of a binary loss, one logit from an embedding.

    Shapes: a number -> a layer (N, D) -> (N, 1).
    """
    layer = nn.Linear(given.count(dim, "dim"), 1)
    nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def cross_entropy(logits, y):
    r"""$-\ln p$ of a normal clip, $-\ln (1 - p)$ of any other.

    Paper: [DDC] eq. 1.
    Shapes: ``logits`` (N,), ``y`` (N,) roles -> (N,).
    """
    return F.binary_cross_entropy_with_logits(logits, (y > 0).to(logits.dtype), reduction="none")


def squares(x, centers):
    r"""Squared distances $\|z_i - c_k\|^2$, one center after the other.

    Shapes: ``x`` (N, D), ``centers`` (K, D) -> (N, K).
    """
    return torch.stack([(x - center).square().sum(dim=1) for center in centers], dim=1)


def check_numbers(eps, **positive):
    """Check the numbers that weigh the terms of a binary loss.

    Shapes: numbers.
    Raises: ValueError for a weight that is not positive and finite, or an eps below 0.
    """
    for name, value in positive.items():
        check_scale(value, name, such_as=1)
    given.number(eps, "eps", 0, such_as="1e-6, or 0 for none")
