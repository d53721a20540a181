"""Losses of distances to centroids: normal clips near to the one, all others far from it."""

import torch

from .. import given
from .angles import glorot
from .binary import OUTLIER, RoleLoss, check_numbers, cross_entropy, head, squares


class DSAD(RoleLoss):
    r"""Draw normal clips to one center, and push all others away from it.

    $$L = \frac{1}{N + M} \Big( \sum_{\text{outliers}} \|z_i - c\|^{-2} + \eta \sum_{\text{normal}}
    \|z_j - c\|^2 + \eta \sum_{\text{anomalies}} \|z_j - c\|^{-2} \Big)$$

    Paper: [DDC] eq. 2, after Ruff et al. 2020 (deep SAD).
    Shapes: ``x`` (N, D), ``y`` (N,) roles or ``Mix`` -> scalar; ``centers`` (1, D).
    Raises: ValueError for an eta that is not positive, or an eps below 0.
    Choices: $\|z - c\|^{-2}$ has no bound, so it is taken as $(d + \epsilon)^{-1}$; ``eps=0``
        leaves it as it stands. In the paper c is random and stays; ``updated=True`` makes it the
        mean of the normal clips before each epoch. It starts Glorot-uniform: the paper names no
        distribution. The logit is $-d$, of which only the order means something.
    Example:
        >>> loss = losses.DSAD(dim=4, eta=2.0)
        >>> x, y = loss.centers + torch.eye(4)[:2], torch.tensor([losses.NORMAL, losses.OUTLIER])
        >>> loss.each(x, y)  # eta d, and 1 / d
        tensor([2.0000, 1.0000])
    Notebook: 09_binary_and_centroids
    """

    tells = ("distance",)

    def __init__(self, dim, eta=2.0, eps=1e-6, updated=False):
        super().__init__(glorot(1, given.count(dim, "dim")))
        check_numbers(eps, eta=eta)
        self.eta, self.eps, self.updated = eta, eps, given.switch(updated, "updated")

    def cost(self, x, y):
        return one_center(self, x, y)

    def logits(self, x):
        """Minus the squared distance to the center.

        Shapes: (N, D) -> (N,).
        """
        return -self.distance(x)


class DDCSAD(RoleLoss):
    r"""Draw normal clips to their center and away from that of the outliers; all others the other
    way round.

    $$L = \frac{1}{N + M} \Big( \sum_{\text{outliers}} \|z_i - c_p\|^{-2} + \|z_i - c_n\|^2 + \eta
    \sum_{\text{normal}} \|z_j - c_p\|^2 + \|z_j - c_n\|^{-2} + \eta \sum_{\text{anomalies}}
    \|z_j - c_p\|^{-2} + \|z_j - c_n\|^2 \Big)$$

    Paper: [DDC] eq. 3.
    Shapes: ``x`` (N, D), ``y`` (N,) roles or ``Mix`` -> scalar; ``centers`` (2, D), normal then
        outlier.
    Raises: ValueError for an eta that is not positive, an eps below 0, or ``with_anomalies`` for
        centers that are not updated.
    Choices: $\|z - c\|^{-2}$ has no bound, so it is taken as $(d + \epsilon)^{-1}$; ``eps=0``
        leaves it as it stands. $c_n$ is the mean of the outliers, as the text under eq. 3 says; the
        paper's conclusion calls it that of the anomalous data: ``with_anomalies=True`` adds them.
        The centers carry no gradient; with ``updated=False`` they stay where they start, drawn
        like that of ``DSAD``. The logit is $d_n - d_p$, positive where $c_p$ is nearer.
    Example:
        >>> loss, y = losses.DDCSAD(dim=2), torch.tensor([losses.NORMAL, losses.OUTLIER])
        >>> loss.update_centers(torch.tensor([[0.0, 0.0], [2.0, 0.0]]), y)
        >>> loss.each(torch.tensor([[1.0, 0.0], [1.0, 0.0]]), y)  # both distances are 1, eta is 2
        tensor([4.0000, 2.0000])
    Notebook: 09_binary_and_centroids
    """

    tells = ("distance",)

    def __init__(self, dim, eta=2.0, eps=1e-6, with_anomalies=False, updated=True):
        super().__init__(glorot(2, given.count(dim, "dim")))
        check_numbers(eps, eta=eta)
        _check_mean(with_anomalies, updated)
        self.eta, self.eps, self.with_anomalies, self.updated = eta, eps, with_anomalies, updated

    def cost(self, x, y):
        return two_centers(self, x, y)

    def logits(self, x):
        """How much farther the center of the outliers is than that of the normal clips.

        Shapes: (N, D) -> (N,).
        """
        near, far = squares(self.batch(x), self.centers).unbind(dim=1)
        return far - near


class BinaryDSAD(RoleLoss):
    r"""Binary cross entropy and the distance to one center, $L = L_{\mathrm{BCE}} + \lambda
    L_{\mathrm{DSAD}}$.

    Paper: [DDC] eq. 4 with eq. 2 in it, its comparison BCE+DSAD.
    Shapes: ``x`` (N, D), ``y`` (N,) roles or ``Mix`` -> scalar; ``centers`` (1, D); ``head`` a
        layer D -> 1.
    Raises: ValueError for an eta or weight that is not positive, or an eps below 0.
    Choices: ``weight`` is lambda; the others are those of ``DSAD``.
    Notebook: 09_binary_and_centroids
    """

    def __init__(self, dim, eta=2.0, weight=1.0, eps=1e-6, updated=False):
        super().__init__(glorot(1, given.count(dim, "dim")))
        check_numbers(eps, eta=eta, weight=weight)
        self.eta, self.weight, self.eps = eta, weight, eps
        self.updated = given.switch(updated, "updated")
        self.head = head(dim)

    def cost(self, x, y):
        return cross_entropy(self.logits(x), y) + self.weight * one_center(self, x, y)


class BinaryDDCSAD(RoleLoss):
    r"""Binary cross entropy and the distances to two centers, $L = L_{\mathrm{BCE}} + \lambda
    L_{\mathrm{DDCSAD}}$.

    Paper: [DDC] eq. 4, with lambda 1 and eta 2.
    Shapes: ``x`` (N, D), ``y`` (N,) roles or ``Mix`` -> scalar; ``centers`` (2, D), normal then
        outlier; ``head`` a layer D -> 1.
    Raises: ValueError for an eta or weight that is not positive, an eps below 0, or
        ``with_anomalies`` for centers that are not updated.
    Choices: ``weight`` is lambda; the others are those of ``DDCSAD``.
    Example:
        >>> loss, x = losses.BinaryDDCSAD(dim=4, weight=0.5), torch.randn(3, 4)
        >>> binary, two = losses.BinaryCrossEntropy(dim=4), losses.DDCSAD(dim=4)
        >>> binary.head, two.centers = loss.head, loss.centers
        >>> y = torch.tensor([losses.NORMAL, losses.OUTLIER, losses.ANOMALY])
        >>> torch.allclose(loss(x, y), binary(x, y) + 0.5 * two(x, y))
        True
    Notebook: 09_binary_and_centroids
    """

    def __init__(self, dim, eta=2.0, weight=1.0, eps=1e-6, with_anomalies=False, updated=True):
        super().__init__(glorot(2, given.count(dim, "dim")))
        check_numbers(eps, eta=eta, weight=weight)
        _check_mean(with_anomalies, updated)
        self.eta, self.weight, self.eps = eta, weight, eps
        self.with_anomalies, self.updated = with_anomalies, updated
        self.head = head(dim)

    def cost(self, x, y):
        return cross_entropy(self.logits(x), y) + self.weight * two_centers(self, x, y)  # eq. 4


def one_center(loss, x, y):
    (near,) = squares(x, loss.centers).unbind(dim=1)
    return _weight(loss.eta, y, near) * drawn(near, y > 0, loss.eps)  # [DDC] eq. 2


def two_centers(loss, x, y):
    near, far = squares(x, loss.centers).unbind(dim=1)
    pulled = drawn(near, y > 0, loss.eps) + drawn(far, y <= 0, loss.eps)
    return _weight(loss.eta, y, near) * pulled  # [DDC] eq. 3


def drawn(distance, to, eps):
    r"""What a squared distance d costs: d to the center that a clip is drawn to, else
    $(d + \epsilon)^{-1}$.

    Paper: [DDC] eq. 2 and 3, $\|z - c\|^{2y}$.
    Shapes: ``distance`` (N,), ``to`` (N,) of bool -> (N,).
    Choices: where both are computed, an infinite slope of the one that is not taken would be NaN,
        so it sees 1.
    Example:
        >>> d, to = torch.tensor([0.0, 0.25]), torch.tensor([True, False])
        >>> losses.centroids.drawn(d, to, eps=0.0)
        tensor([0., 4.])
    Notebook: 09_binary_and_centroids
    """
    return torch.where(to, distance, 1.0 / torch.where(to, 1.0, distance + eps))


def _weight(eta, y, like):
    """Eta for the clips of the machine itself, normal or anomaly; 1 for outliers."""
    return 1.0 + (eta - 1.0) * (y != OUTLIER).to(like.dtype)


def _check_mean(with_anomalies, updated):
    updated = given.switch(updated, "updated")
    if given.switch(with_anomalies, "with_anomalies") and not updated:
        raise ValueError(
            "with_anomalies is True, and centers that are not updated are no mean of any clips: "
            "leave it out, or choose updated=True"
        )
