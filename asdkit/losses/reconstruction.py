"""What an auto-encoder pays for what it could not rebuild."""

from torch import nn

from ..given_tensors import batch


class SquaredError(nn.Module):
    r"""Mean squared error of a residual, which is what an auto-encoder gives.

    $$\ell(x_i) = \frac1D \sum_d x_{id}^2, \qquad x = \text{input} - \text{output}$$

    Paper: [L2S] 2.
    Shapes: ``x`` (N, D) residuals, ``y`` (N,), which is not read -> scalar.
    Raises: ValueError for an ``x`` that is no (N, D) of finite floating-point numbers.
    Choices: nothing is asked of a clip, so there are no classes, centers or logits.
    Example:
        >>> losses.SquaredError().each(torch.tensor([[1.0, -3.0], [0.0, 0.0]]), None)
        tensor([5., 0.])
    Notebook: 04_autoencoders
    """

    task = "nothing"

    def forward(self, x, y):
        return self.each(x, y).mean()

    def each(self, x, y):
        return batch(x).square().mean(dim=1)
