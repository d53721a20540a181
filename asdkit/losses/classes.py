"""What the losses over classes share, so that each of them keeps its idea alone."""

import math

import torch
from torch import nn

from .. import given
from ..given_tensors import batch, indices, tensor, within
from ..mixup import beside, soft
from .angles import check_classes, glorot, median_angle
from .scale import exact_start

SIMPLE = int | float | str | bool


class ClassLoss(nn.Module):
    """Centers of classes, a scale that is saved with them, and what training records of both.

    A loss of your own is a subclass with two methods: ``each(x, y)``, the cost of each clip, and
    ``logits(x)``.

    Shapes: ``sizes`` (C, D) or (C, S, D) of the ``centers``; ``x`` (N, D), ``y`` (N,) or ``Mix``.
    Raises: ValueError for fewer than 2 classes or a size that is no whole number; in use for an
        ``x`` that is no (N, D) of finite floating-point numbers in the type of the loss, and a
        ``y`` that is not one class for each.
    Choices: centers are Glorot-uniform; ``trainable=False`` leaves them where they start.
    Example:
        >>> class Own(losses.ClassLoss):
        ...     def logits(self, x):
        ...         return losses.cosine(x, self.centers)
        >>> Own(4, 8).probabilities(torch.zeros(1, 8))
        tensor([[0.2500, 0.2500, 0.2500, 0.2500]], grad_fn=<SoftmaxBackward0>)
    """

    def __init__(self, *sizes, trainable=True):
        super().__init__()
        sizes = check_classes(sizes[0]), *(given.count(size, "dim") for size in sizes[1:])
        trainable = given.switch(trainable, "trainable")
        self.centers = nn.Parameter(glorot(*sizes), requires_grad=trainable)
        self.register_buffer("median", torch.tensor(math.pi / 2), persistent=False)

    def keep_scale(self, start):
        """Make ``scale`` a buffer that starts there, exactly so in float64 too.

        Shapes: a number; ``scale`` ().
        """
        self.start = given.number(start, "scale")
        self.register_buffer("scale", torch.tensor(self.start))

    def forward(self, x, y):
        return self.each(x, y).mean()

    def labels(self, x, y):
        """The label vectors of a batch, in the type of its embeddings.

        Shapes: ``x`` (N, D), ``y`` (N,) or ``Mix`` -> (N, C).
        """
        return soft(beside(tensor(x, "x"), y), len(self.centers)).to(x.dtype)

    def batch(self, x):
        """The embeddings of a batch, once they are seen to be such.

        Shapes: (N, D) -> the same.
        """
        return batch(x, self.centers.shape[-1], self.centers)

    def check_labels(self, y):
        """Check the classes of all training clips before a training.

        Shapes: ``y`` (N,).
        Raises: ValueError for what is not one class for each clip.
        """
        last = len(self.centers) - 1
        within(indices(y).cpu(), 0, last, f"class indices from 0 to {last}")

    def note_median(self, cosine, soft):
        """Record the median angle of a training batch to its own classes.

        Shapes: ``cosine`` and ``soft`` labels (N, C).
        """
        if self.training:
            self.median.copy_(median_angle(cosine.detach(), soft))

    def probabilities(self, x):
        """The softmax of the logits.

        Shapes: (N, D) -> (N, C), rows sum to 1.
        """
        return self.logits(x).softmax(dim=1)

    def watch(self):
        """What training records of this loss: the scale, where it has one, and the median angle in
        radians.
        """
        return {name: value.item() for name, value in self.watched().items()}

    def watched(self):
        """The numbers of ``watch`` as they are now, left on the device: training reads them once an
        epoch.

        Shapes: dict of name -> scalar.
        """
        scale = {"scale": self.scale.clone()} if hasattr(self, "scale") else {}
        return scale | {"median_angle": self.median.clone()}

    def extra_repr(self):
        settings = {name: value for name, value in vars(self).items() if isinstance(value, SIMPLE)}
        shown = [
            f"{name}={settings[name]}" for name in settings if name[0] != "_" and name != "training"
        ]
        classes, *several, dim = self.centers.shape
        sizes = [
            f"dim={dim}",
            f"classes={classes}",
            *(f"centers of a class={count}" for count in several),
        ]
        return ", ".join([*sizes, *shown])

    def _apply(self, fn, recurse=True):
        module = super()._apply(fn, recurse)
        if hasattr(self, "scale"):
            self.scale = exact_start(self.scale, self.start)
        return module
