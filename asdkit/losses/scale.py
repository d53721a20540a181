r"""The second brick: the adaptive scale s of the AdaCos family, which no one has to choose."""

import math
from numbers import Real

import torch

from .. import given

LARGEST_ANGLE = math.pi / 4


def initial_scale(count):
    r"""The scale before training, $s^{(0)} = \sqrt 2 \ln(K - 1)$ for K centers.

    Paper: [SCA] eq. 2 and 6.
    Raises: ValueError for fewer than 3 centers, whose scale would be zero or less, or what is no
        whole number.
    Example:
        >>> round(losses.scale.initial_scale(3), 4)  # sqrt(2) ln 2
        0.9803
    Notebook: 07_adacos
    """
    count = given.count(count, "count", least=0)
    if count < 3:
        raise ValueError(
            f"an adaptive scale needs 3 centers or more, not {count}: add classes or sub-clusters"
        )
    return math.sqrt(2.0) * math.log(count - 1)


def check_scale(scale, name="scale", such_as=30):
    """Check a chosen scale, or another number that must be positive.

    Shapes: a number -> the same.
    Raises: ValueError where it is not positive and finite; ``name`` says which argument it is.
    Example:
        >>> losses.scale.check_scale(-1.0)
        Traceback (most recent call last):
        ValueError: scale is -1.0: give a positive number, such as 30
    Notebook: 06_angles_and_margins
    """
    if not isinstance(scale, Real) or isinstance(scale, bool) or not 0.0 < scale < math.inf:
        raise ValueError(f"{name} is {scale!r}: give a positive number, such as {such_as}")
    return scale


def exact_start(scale, start):
    """A scale that still is the first one, in the full precision of its type.

    Shapes: scalar -> scalar.
    Choices: a module is made in float32, and ``.double()`` alone would keep the rounding of the
        start.
    Example:
        >>> start = losses.scale.initial_scale(10)
        >>> losses.scale.exact_start(torch.tensor(start).double(), start).item() == start
        True
    Notebook: 08_subcluster_adacos
    """
    exact = torch.full_like(scale, start)
    return torch.where(scale.float() == exact.float(), exact, scale)


def log_mean_exp_sum(logits):
    r"""$f_{\max} + \ln \frac1N \sum_i \sum_k \exp(f_{ik} - f_{\max})$, which cannot overflow.

    Paper: [SCA] eq. 5 and 7.
    Shapes: (N, K) -> scalar.
    Example:
        >>> losses.scale.log_mean_exp_sum(torch.full((5, 8), 999.0).double()) - 999.0  # ln 8
        tensor(2.0794, dtype=torch.float64)
    Notebook: 08_subcluster_adacos
    """
    return torch.logsumexp(logits.flatten(), dim=0) - math.log(len(logits))


def next_scale(log_b, median):
    r"""The scale of the next step, $\hat s = \ln B / \cos(\min(\pi/4, \theta_{\mathrm{med}}))$.

    Paper: [SCA] eq. 2 and 6; for the latter $\ln B = f_{\max} + \ln \hat B$.
    Shapes: scalars -> scalar.
    Example:
        >>> sixty = torch.tensor(torch.pi / 3)  # more than the cap of pi / 4
        >>> losses.scale.next_scale(torch.tensor(6.0), sixty)
        tensor(8.4853)
    Notebook: 07_adacos
    """
    return log_b / median.clamp_max(LARGEST_ANGLE).cos()


def others_scale(scale, cosine, soft, median):
    r"""The next scale from the classes that a clip does not belong to, $B = \frac1N \sum_i
    \sum_{k: \bar y_{ik} = 0} \exp(\tilde s \cos\theta_{ik})$.

    Paper: [SCA] eq. 2 and 3; [AP] Definition 1.
    Shapes: ``scale`` and ``median`` scalars, ``cosine`` and ``soft`` labels (N, C) -> scalar.
    Example:
        >>> cosine = torch.tensor([[1.0, 0.0, 0.0]])  # two others at right angles: B = 2
        >>> soft, still = torch.tensor([[1.0, 0.0, 0.0]]), torch.tensor(0.0)
        >>> losses.scale.others_scale(torch.tensor(5.0), cosine, soft, still)
        tensor(0.6931)
    Notebook: 07_adacos
    """
    others = (scale * cosine).masked_fill(soft > 0, -torch.inf)
    return next_scale(log_mean_exp_sum(others), median)


def factors(cosine, median, scales):
    r"""The factor $\hat s' / \hat s$ of one step from each of several scales, for one batch of
    sub-cluster AdaCos: above 1 the scale grows.

    Paper: [SCA] eq. 5 to 7.
    Shapes: ``cosine`` (N, K) to all centers, ``median`` scalar, ``scales`` (M,) -> (M,).
    Notebook: 08_subcluster_adacos
    """
    log_b = torch.stack([log_mean_exp_sum(scale * cosine) for scale in scales])
    return next_scale(log_b, median) / scales


def path(cosine, median, steps):
    r"""The scales of a training of sub-cluster AdaCos whose cosines stand still, from
    $\hat s^{(0)}$ on.

    Paper: [SCA] eq. 5 to 7.
    Shapes: ``cosine`` (N, K) to all centers, ``median`` scalar -> (1 + steps,).
    Raises: ValueError for fewer than 3 centers.
    Notebook: 08_subcluster_adacos
    """
    scales = [torch.tensor(initial_scale(cosine.shape[1]), dtype=cosine.dtype)]
    for _ in range(steps):
        scales.append(next_scale(log_mean_exp_sum(scales[-1] * cosine), median))
    return torch.stack(scales)


def nearest_rank_median(values):
    """The median as the published code takes it: element round-half-to-even((N - 1) / 2) of the
    ascending order.

    Paper: [SCA], code.
    Shapes: (N,) -> scalar.
    Example:
        >>> values = torch.tensor([4.0, 1.0, 3.0, 2.0])
        >>> losses.scale.nearest_rank_median(values)  # element 2, as 1.5 is rounded to even
        tensor(3.)
    Notebook: 08_subcluster_adacos
    """
    return values.sort().values[round((len(values) - 1) / 2)]
