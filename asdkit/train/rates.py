"""Optimizers, and the schedules of their rates: functions of how much of the training is done."""

import math

from torch import nn

from .. import given
from .uncompiled import Adam, AdamW


def adam(encoder, loss, lr=1e-3, decay=1e-5):
    r"""Adam with $10^{-5} \|W\|^2$ added to the loss for the kernels of convolutions and dense
    layers.

    Paper: [SCA] IV-B; [AP] 4.2.
    Choices: biases, batch norm and centers carry no penalty, as in the code; the gradient of the
        penalty is 2e-5 W, which torch calls a weight decay of 2e-5.
    Example:
        >>> optimizer = train.adam(encoders.Toy(2), losses.SubClusterAdaCos(dim=2, classes=3))
        >>> [group["weight_decay"] for group in optimizer.param_groups]  # kernels, and the rest
        [2e-05, 0]
    """
    _check_rates(lr=lr, decay=decay)
    kernels = _kernels(encoder)
    groups = [
        {"params": kernels, "weight_decay": 2.0 * decay},
        {"params": _others(kernels, encoder, loss)},
    ]
    return Adam(_filled(groups), lr=lr, fused=True)


def adamw(encoder, loss, lr=1e-4, decay=0.01):
    """AdamW, whose decay of all weights is no part of the gradient.

    Paper: [NAM] 3.2.
    Choices: centers, biases and batch norm decay too, as torch does it and the code takes it.
    Example:
        >>> optimizer = train.adamw(encoders.Toy(2), losses.ArcFace(dim=2, classes=3))
        >>> optimizer.param_groups[0]["weight_decay"]
        0.01
    """
    _check_rates(lr=lr, decay=decay)
    groups = _filled([{"params": _others([], encoder, loss)}])
    return AdamW(groups, lr=lr, weight_decay=decay, fused=True)


def adam_two_rates(encoder, loss, body=1e-4, head=1e-3):
    """Adam with one rate for the encoder and another for the head, which is the loss.

    Paper: [DDC] IV: 1e-4 for the convolutions, 1e-3 for the final layer.
    Raises: ValueError for a loss that has nothing to train, whose rate would have no effect.
    Example:
        >>> optimizer = train.adam_two_rates(encoders.Toy(2), losses.ArcFace(dim=2, classes=3))
        >>> [group["lr"] for group in optimizer.param_groups]
        [0.0001, 0.001]
    """
    _check_rates(body=body, head=head)
    if not _others([], loss):
        raise ValueError(
            f"the loss {type(loss).__name__} has nothing to train, so 'head' would have no effect: "
            "choose adam"
        )
    groups = [
        {"params": _others([], part), "lr": lr} for part, lr in ((encoder, body), (loss, head))
    ]
    return Adam(_filled(groups), fused=True)


def cosine(done, last=0.1):
    r"""The share of the rate along half a cosine, $l + (1 - l) \frac{1 + \cos \pi t}{2}$, from 1
    down to ``last``.

    Paper: [NAM] 3.2: from 1e-4 to 1e-5.
    Shapes: ``done`` t, the share of all steps that is done, in [0, 1] -> number.
    Raises: ValueError for a ``done`` or ``last`` outside 0 to 1.
    Example:
        >>> [round(train.cosine(done), 3) for done in (0.0, 0.5, 1.0)]
        [1.0, 0.55, 0.1]
    """
    done, last = given.number(done, "done", 0, 1), given.number(last, "last", 0, 1)
    return last + (1.0 - last) * 0.5 * (1.0 + math.cos(math.pi * done))


def halved(done, times=3):
    """The share of the rate when it is halved at even distances, ``times`` in all.

    Paper: [DDC] IV: every 1000 of 4000 iterations, which is three times.
    Shapes: ``done``, the share of all steps that is done, in [0, 1] -> number.
    Raises: ValueError for a ``done`` outside 0 to 1, or ``times`` that are no whole number.
    Example:
        >>> [train.halved(done) for done in (0.0, 0.24, 0.25, 0.5, 0.99)]
        [1.0, 1.0, 0.5, 0.25, 0.125]
    """
    done, times = given.number(done, "done", 0, 1), given.count(times, "times", least=0)
    return 0.5 ** min(int(done * (times + 1)), times)


def _check_rates(**rates):
    for name, rate in rates.items():
        given.number(rate, name, 0, such_as=0.001)


def _kernels(encoder):
    return [
        module.weight
        for module in encoder.modules()
        if isinstance(module, nn.Conv1d | nn.Conv2d | nn.Linear)
    ]


def _others(known, *parts):
    """The parameters that are trained, without the known ones."""
    known = {id(parameter) for parameter in known}
    return [
        p for part in parts for p in part.parameters() if p.requires_grad and id(p) not in known
    ]


def _filled(groups):
    groups = [group for group in groups if group["params"]]
    if not groups:
        raise ValueError("encoder and loss have nothing to train: leave one of them trainable")
    return groups
