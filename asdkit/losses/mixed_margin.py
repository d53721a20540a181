"""Margins that follow the mixing coefficient: the louder a clip in the mixture, the larger that of
its class.
"""

from torch.nn import functional as F

from .angles import cosine
from .classes import ClassLoss
from .margin import check_margin, widened
from .scale import check_scale


class MixedMargin(ClassLoss):
    r"""Cross entropy with the mixed label, of logits whose margins follow the shares of the clip.

    $$L = -\bar y^T \ln \mathrm{softmax}(s \cos(\theta + m \bar y^p)), \qquad
    \bar y = \lambda y_i + (1 - \lambda) y_j$$

    Paper: none of the five; with p = 1 it is [NAM] 1 of a mixed label, and margin-mixup (Thienpondt
        et al., ICASSP 2023) hands the margin out in proportion, too. The power p is this kit's.
    Shapes: ``x`` (N, D), ``y`` (N,) or ``Mix`` -> scalar; ``centers`` (C, D); ``scale`` ();
        ``margin`` in radians.
    Raises: ValueError for fewer than 2 classes, a scale or power that is not positive, or a margin
        outside 0 to pi.
    Choices: with p = 1 the classes get $\lambda m$ and $(1 - \lambda) m$. With p = 2 the two differ
        by as much, and add up to less. Toward p = 0 both get all of m; a large p leaves it to whole
        clips, which cost what ArcFace asks. At test time there is no margin.
    Example:
        >>> loss = losses.MixedMargin(dim=8, classes=3, margin=0.8)
        >>> label = mixup.Mix(torch.tensor([0]), torch.tensor([2]), lam=torch.tensor([0.75]))
        >>> loss.margins(label.soft(3))
        tensor([[0.6000, 0.0000, 0.2000]])
    Notebook: 16_your_own_loss
    """

    def __init__(self, dim, classes, scale=30.0, margin=0.7, power=1.0):
        super().__init__(classes, dim)
        self.margin, self.power = check_margin(margin), check_scale(power, "power", such_as=1)
        self.keep_scale(check_scale(scale))

    def each(self, x, y):
        cos, soft = cosine(x, self.centers), self.labels(x, y)
        self.note_median(cos, soft)
        wide = widened(cos, self.margins(soft))
        return F.cross_entropy(self.scale * wide, soft, reduction="none")  # lesson 16, eq. O2

    def margins(self, soft):
        r"""The margin of each class, $m \bar y_k^p$, in radians.

        Shapes: soft labels (N, C) -> (N, C).
        Notebook: 16_your_own_loss
        """
        return self.margin * soft**self.power  # lesson 16, eq. O1

    def logits(self, x):
        r"""Scaled logits of the classes without a margin, $s \cos\theta_{ij}$.

        Shapes: (N, D) -> (N, C).
        """
        return self.scale * cosine(x, self.centers)
