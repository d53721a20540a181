"""Softmax over scalar products with biases, and its form on a sphere of fixed radius."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from .. import given
from .angles import cosine, unit
from .classes import ClassLoss
from .scale import check_scale


class Softmax(ClassLoss):
    r"""Cross entropy of class probabilities from scalar products: nothing is normalized.

    $$P_{ij} = \frac{\exp(W_j^T x_i + b_j)}{\sum_k \exp(W_k^T x_i + b_k)}$$

    Paper: [L2S] 3, without its constraint.
    Shapes: ``x`` (N, D), ``y`` (N,) or ``Mix`` -> scalar; ``centers`` (C, D), the rows of W;
        ``bias`` (C,).
    Raises: ValueError for fewer than 2 classes.
    Choices: W is Glorot-uniform and the biases start at 0, as in Keras. ``watch`` records the
        median length of the embeddings beside their median angle: this loss can always be lowered
        by longer ones.
    Example:
        >>> loss = losses.Softmax(dim=128, classes=6)
        >>> x, y = torch.randn(64, 128), torch.arange(64) % 6
        >>> logits = x @ loss.centers.T + loss.bias
        >>> torch.allclose(loss(x, y), torch.nn.functional.cross_entropy(logits, y))
        True
    Notebook: 05_classify_to_detect
    """

    def __init__(self, dim, classes):
        super().__init__(classes, dim)
        self.bias = nn.Parameter(torch.zeros(len(self.centers)))
        self.register_buffer("length", torch.tensor(0.0), persistent=False)

    def each(self, x, y):
        logits, soft = self.logits(x), self.labels(x, y)
        self.note_median(cosine(x.detach(), self.centers.detach()), soft)
        if self.training:
            self.length.copy_(x.detach().norm(dim=1).median())
        return F.cross_entropy(logits, soft, reduction="none")

    def logits(self, x):
        """Logits of the classes, $W x + b$.

        Shapes: (N, D) -> (N, C).
        """
        return F.linear(self.batch(x), self.centers, self.bias)

    def watched(self):
        """The numbers of ``watch`` as they are now: the median angle in radians, and the median
        length.
        """
        return super().watched() | {"length": self.length.clone()}


class L2Softmax(ClassLoss):
    r"""Cross entropy of a softmax with biases whose embeddings all have the length $\alpha$.

    $$P_{ij} = \frac{\exp(\alpha W_j^T x_i / \|x_i\| + b_j)}
    {\sum_k \exp(\alpha W_k^T x_i / \|x_i\| + b_k)}$$

    Paper: [L2S] 3: minimize the cross entropy subject to $\|f(x_i)\|_2 = \alpha$.
    Shapes: ``x`` (N, D), ``y`` (N,) or ``Mix`` -> scalar; ``centers`` (C, D), the rows of W;
        ``bias`` (C,); ``scale`` (), which is alpha.
    Raises: ValueError for fewer than 2 classes, or an alpha that is not positive.
    Choices: the paper does not state alpha: ``smallest_alpha`` gives a lower bound. W is not
        normalized; it is Glorot-uniform and the biases start at 0, as in Keras.
    Example:
        >>> loss = losses.L2Softmax(dim=128, classes=6, alpha=16.0)
        >>> x = torch.randn(5, 128)
        >>> torch.allclose(loss.logits(x), loss.logits(7 * x), atol=1e-4)  # lengths do not matter
        True
    Notebook: 05_classify_to_detect
    """

    def __init__(self, dim, classes, alpha):
        super().__init__(classes, dim)
        self.bias = nn.Parameter(torch.zeros(len(self.centers)))
        self.keep_scale(check_scale(alpha, "alpha"))

    def each(self, x, y):
        logits, soft = self.logits(x), self.labels(x, y)
        self.note_median(cosine(x.detach(), self.centers.detach()), soft)
        return F.cross_entropy(logits, soft, reduction="none")

    def logits(self, x):
        r"""Logits of the classes, $\alpha W x / \|x\| + b$.

        Shapes: (N, D) -> (N, C).
        """
        return F.linear(self.scale * unit(self.batch(x)), self.centers, self.bias)


def smallest_alpha(classes, p=0.9):
    r"""The smallest length $\alpha$ at which C well separated classes can reach the probability p,
    $\alpha \ge \ln \frac{p (C - 2)}{1 - p}$.

    Centers of unit length at right angles, or opposite, give the own class $e^\alpha$ and $C - 2$
    others $e^0$ each.

    Paper: the bound of Ranjan, Castillo and Chellappa, [L2S] reference 6.
    Shapes: numbers.
    Raises: ValueError for fewer than 3 classes, or a p that is not between 0 and 1.
    Choices: the opposite class' $e^{-\alpha}$ is left out, as in the bound.
    Example:
        >>> round(losses.smallest_alpha(6), 2)  # ln 36
        3.58
    Notebook: 05_classify_to_detect
    """
    classes, p = given.count(classes, "classes", least=0), given.share(p, "p")
    if classes < 3:
        raise ValueError(f"the bound on alpha needs 3 classes or more, not {classes}: add classes")
    return math.log(p * (classes - 2) / (1.0 - p))
