"""Compactness: draw the clips of a class to one fixed point, without and with telling the classes
apart.
"""

from torch import nn
from torch.nn import functional as F

from .angles import cosine, glorot, unit
from .classes import ClassLoss


class Compactness(ClassLoss):
    r"""Squared distance on the unit sphere between each embedding and the center of its class.

    $$L = \frac1N \sum_i \sum_j \bar y_{ij} \|x_i - c_j\|^2
    = \frac1N \sum_i \sum_j \bar y_{ij}\, 2 (1 - \cos\theta_{ij}), \qquad \|x_i\| = \|c_j\| = 1$$

    Paper: [AP] 3.3, after Ruff et al.
    Shapes: ``x`` (N, D), ``y`` (N,) or ``Mix`` -> scalar; ``centers`` (C, D).
    Raises: ValueError for fewer than 2 classes.
    Choices: the centers are Glorot-uniform and fixed. ``trainable=True`` lets them move, and with
        them all clips to one point, which costs nothing. The logits are minus the squared
        distances; the loss never compares classes, so only their order means something.
    Example:
        >>> loss = losses.Compactness(dim=8, classes=3)
        >>> round(loss(-loss.centers, torch.arange(3)).item(), 3)  # opposite: a diameter, squared
        4.0
    Notebook: 10_adaproj
    """

    def __init__(self, dim, classes, trainable=False):
        super().__init__(classes, dim, trainable=trainable)

    def each(self, x, y):
        return squared_distance(self, x, y)[0]

    def logits(self, x):
        r"""Minus the squared distances to the centers, $-2 (1 - \cos\theta_{ij})$.

        Shapes: (N, D) -> (N, C).
        """
        return 2.0 * cosine(x, self.centers) - 2.0


class CompactnessSoftmax(ClassLoss):
    r"""Compactness, and the cross entropy of a softmax that tells the classes apart.

    $$L = \frac1N \sum_i \sum_j \bar y_{ij} \Big( \|x_i - c_j\|^2 - \ln
    \frac{\exp(w_j^T x_i)}{\sum_k \exp(w_k^T x_i)} \Big), \qquad \|x_i\| = \|c_j\| = 1$$

    Paper: [AP] 3.3, after Perera and Patel.
    Shapes: ``x`` (N, D), ``y`` (N,) or ``Mix`` -> scalar; ``centers`` and ``weight`` (C, D).
    Raises: ValueError for fewer than 2 classes.
    Choices: the paper says neither what the softmax is over nor how the two terms are weighed.
        Here it has weights of its own, trained and without biases, and both terms weigh 1. The
        centers are fixed, as in ``Compactness``.
    Example:
        >>> loss = losses.CompactnessSoftmax(dim=8, classes=3)
        >>> sum(part.numel() for part in loss.parameters() if part.requires_grad)  # the weights
        24
    Notebook: 10_adaproj
    """

    def __init__(self, dim, classes, trainable=False):
        super().__init__(classes, dim, trainable=trainable)
        self.weight = nn.Parameter(glorot(*self.centers.shape))

    def each(self, x, y):
        distance, soft = squared_distance(self, x, y)
        return distance + F.cross_entropy(self.logits(x), soft, reduction="none")

    def logits(self, x):
        r"""Logits of the classes, $w_j^T x_i$.

        Shapes: (N, D) -> (N, C).
        """
        return F.linear(unit(self.batch(x)), self.weight)


def squared_distance(loss, x, y):
    """Squared distance of each embedding to its centers, and the labels that say which they are."""
    cos, soft = cosine(x, loss.centers), loss.labels(x, y)  # (N, C)
    loss.note_median(cos, soft)
    return 2.0 * (soft * (1.0 - cos)).sum(dim=1), soft
