"""The margin of a mixed clip: shared between both labels, or given to one of them alone."""

from torch.nn import functional as F

from ..mixup import unmixed
from .angles import cosine
from .classes import ClassLoss
from .margin import check_margin, widened
from .scale import check_scale


class ArcMix(ClassLoss):
    r"""ArcFace's cost of a mixed clip at each of its two labels, blended as the clip is.

    $$L = \lambda L_{\mathrm{AF}}(x, y_i) + (1 - \lambda) L_{\mathrm{AF}}(x, y_j)$$

    Paper: [NAM] 3.
    Shapes: ``x`` (N, D), ``y`` (N,) or ``Mix`` -> scalar; ``centers`` (C, D); ``scale`` ();
        ``margin`` in radians.
    Raises: ValueError for fewer than 2 classes, a scale that is not positive, or a margin outside 0
        to pi.
    Choices: two sets of logits, one with the margin on each label; a clip that is not mixed has
        one. At test time there is no margin.
    Example:
        >>> loss, x = losses.ArcMix(dim=8, classes=3), torch.randn(1, 8)
        >>> first, second = torch.tensor([0]), torch.tensor([2])
        >>> mixed = loss(x, mixup.Mix(first, second, lam=torch.tensor([0.25])))
        >>> torch.allclose(mixed, 0.25 * loss(x, first) + 0.75 * loss(x, second))
        True
    Notebook: 11_noisy_arcmix
    """

    def __init__(self, dim, classes, scale=30.0, margin=0.7):
        super().__init__(classes, dim)
        self.margin = check_margin(margin)
        self.keep_scale(check_scale(scale))

    def each(self, x, y):
        cos, label = cosine(x, self.centers), unmixed(y, x.dtype)
        self.note_median(cos, self.labels(x, y))
        lam = label.lam.to(x.dtype)
        return lam * self._arcface(cos, label.y) + (1.0 - lam) * self._arcface(cos, label.other)

    def logits(self, x):
        r"""Scaled logits of the classes without a margin, $s \cos\theta_{ij}$.

        Shapes: (N, D) -> (N, C).
        """
        return self.scale * cosine(x, self.centers)

    def _arcface(self, cos, y):
        own = F.one_hot(y, cos.shape[1]).to(cos.dtype)
        return F.cross_entropy(
            self.scale * widened(cos, self.margin * own), y, reduction="none"
        )  # [NAM] 1


class NoisyArcMix(ClassLoss):
    r"""Cross entropy with the mixed label, of logits whose margin stands at the first label alone.

    $$L = -\bar y^T \ln \mathrm{softmax}(s \cos(\theta + m y_i)), \qquad
    \bar y = \lambda y_i + (1 - \lambda) y_j$$

    Paper: [NAM] 4.
    Shapes: ``x`` (N, D), ``y`` (N,) or ``Mix`` -> scalar; ``centers`` (C, D); ``scale`` ();
        ``margin`` in radians.
    Raises: ValueError for fewer than 2 classes, a scale that is not positive, or a margin outside 0
        to pi.
    Choices: the margin is whole whatever $\lambda$ is: it asks for a smaller angle to the first
        clip's class even where that clip is hardly heard. A clip that is not mixed costs what
        ArcFace asks. At test time there is no margin.
    Example:
        >>> loss, x = losses.NoisyArcMix(dim=8, classes=3), torch.randn(1, 8)
        >>> label = mixup.Mix(torch.tensor([0]), torch.tensor([2]), lam=torch.tensor([0.0]))
        >>> bool(loss(x, label) < loss(x, torch.tensor([2])))  # no margin at its class
        True
    Notebook: 11_noisy_arcmix
    """

    def __init__(self, dim, classes, scale=30.0, margin=0.7):
        super().__init__(classes, dim)
        self.margin = check_margin(margin)
        self.keep_scale(check_scale(scale))

    def each(self, x, y):
        cos, label = cosine(x, self.centers), unmixed(y, x.dtype)
        soft = self.labels(x, label)
        self.note_median(cos, soft)
        first = F.one_hot(label.y, cos.shape[1]).to(cos.dtype)
        return F.cross_entropy(
            self.scale * widened(cos, self.margin * first), soft, reduction="none"
        )  # [NAM] 4

    def logits(self, x):
        r"""Scaled logits of the classes without a margin, $s \cos\theta_{ij}$.

        Shapes: (N, D) -> (N, C).
        """
        return self.scale * cosine(x, self.centers)
