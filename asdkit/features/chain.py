"""Features one after the other, as one module that says what it does."""

from torch import nn


class Chain(nn.Module):
    r"""Apply steps one after the other, $f_K(\dots f_1(w))$; each is a function or a module of this
    package.

    Shapes: (N, T) -> what the last step makes of it.
    Raises: ValueError for a step that is neither.
    Example:
        >>> summary = features.Chain(features.LogMel(), features.temporal_max)
        >>> summary(torch.randn(2, 16000)).shape
        torch.Size([2, 128])
    Notebook: 02_features
    """

    def __init__(self, *steps):
        super().__init__()
        strange = [step for step in steps if not callable(step)]
        if strange:
            raise ValueError(
                f"a step of the chain is {strange[0]!r}: give functions and modules, such as "
                "features.LogMel()"
            )
        self.steps = steps
        self.parts = nn.ModuleList(
            step for step in steps if isinstance(step, nn.Module)
        )  # what ``to`` moves

    def forward(self, x):
        for step in self.steps:
            x = step(x)
        return x

    def __repr__(self):
        return " > ".join(
            repr(step) if isinstance(step, nn.Module) else step.__name__ for step in self.steps
        )
