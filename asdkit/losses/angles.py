"""The first brick of the angular losses: cosines and angles between embeddings and centers."""

import numpy as np
import torch
from torch.nn import functional as F

from .. import given
from ..given_tensors import batch, floats, tensor

CLIP = 1e-7


def unit(x):
    """Vectors of length 1 in the same directions; one of length 0 stays, with a finite slope.

    Shapes: (..., D) -> the same.
    Choices: lengths below 1e-12 count as that; in float16, where this would be 0, below its
        smallest normal number.
    Example:
        >>> losses.angles.unit(torch.tensor([[3.0, 4.0], [0.0, 0.0]]))
        tensor([[0.6000, 0.8000],
                [0.0000, 0.0000]])
    """
    return F.normalize(x, dim=-1, eps=max(1e-12, torch.finfo(x.dtype).tiny))


def cosine(x, centers):
    r"""Cosine of each embedding with each center, $\cos\theta_{ik} = \langle x_i, W_k \rangle /
    (\|x_i\| \|W_k\|)$.

    Paper: [SCA] eq. 1.
    Shapes: ``x`` (N, D), ``centers`` (..., D) -> (N, ...).
    Raises: ValueError where these are no such shapes, no floating-point numbers of one type, or
        ``x`` is not finite.
    Example:
        >>> centers = torch.tensor([[1.0, 0.0], [0.0, 2.0], [-5.0, 0.0]])
        >>> losses.cosine(torch.tensor([[3.0, 0.0]]), centers)
        tensor([[ 1.,  0., -1.]])
    Notebook: 00_start_here
    """
    dim = tensor(centers, "centers").shape[-1]
    flat = unit(centers.reshape(-1, dim))
    return (unit(batch(x, dim, centers)) @ flat.T).view(len(x), *centers.shape[:-1])


def angle(cosine, clip=0.0):
    r"""The angle of a cosine in radians, $\theta = \arccos(\min(\max(\cos\theta, -1 + c), 1 - c))$.

    Paper: [SCA] eq. 2.
    Shapes: any -> the same, in [0, pi].
    Choices: ``clip`` c is 0, which only mends rounding; authors' code clips at 1e-7, which keeps
        the gradient finite.
    Example:
        >>> losses.angle(torch.tensor([1.0, 0.0, -1.0])).rad2deg()
        tensor([  0.,  90., 180.])
    Notebook: 00_start_here
    """
    floats(cosine, "cosine")
    return cosine.clamp(-1.0 + clip, 1.0 - clip).arccos()


def sine(cosine):
    r"""The sine of the angle of a cosine, $\sin\theta = \sqrt{1 - \cos^2\theta}$, whose gradient is
    finite at the ends.

    Paper: [NAM] 1, through $\cos(\theta + m) = \cos\theta \cos m - \sin\theta \sin m$.
    Shapes: any -> the same, in [0, 1].
    Choices: the slope $-\cos\theta / \sin\theta$ is infinite at $|\cos\theta| = 1$; times the
        cosine's own slope of 0 it gives NaN. There, and where rounding carries a cosine beyond 1,
        sine and slope are 0: the value stays exact.
    Example:
        >>> cosine = torch.tensor([1.0, 0.6, 0.0], requires_grad=True)
        >>> losses.angles.sine(cosine).sum().backward()
        >>> cosine.grad
        tensor([ 0.0000, -0.7500,  0.0000])
    Notebook: 06_angles_and_margins
    """
    square = (1.0 - cosine) * (1.0 + cosine)
    inside = square > 0.0
    return torch.where(inside, square, 1.0).sqrt() * inside


def nearest(cosine):
    """Cosine of each embedding with each class: where a class has several centers, with the nearest
    one.

    Paper: sub-center ArcFace, as [SCA] III-B tells it.
    Shapes: (N, C) or (N, C, S) -> (N, C).
    Example:
        >>> losses.angles.nearest(torch.tensor([[[0.1, 0.7], [0.2, -0.3]]]))
        tensor([[0.7000, 0.2000]])
    Notebook: 06_angles_and_margins
    """
    return cosine if cosine.ndim == 2 else cosine.amax(dim=2)


@torch.no_grad()
def own_angle(x, centers, owners, group):
    """Angle of each embedding to the nearest center of the classes that its group owns, in radians.

    Paper: [SCA] III-C, where it is the distance to the own classes.
    Shapes: ``x`` (N, D); ``centers`` (C, D) or (C, S, D); ``owners`` (C,) the group of each class,
        or its machine type; ``group`` (N,) -> array (N,), larger is more anomalous.
    Raises: ValueError for a group that owns no class, numbers of groups and clips or of owners and
        classes that differ, and as ``cosine`` does.
    Example:
        >>> centers = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
        >>> clips = torch.tensor([[1.0, 1.0], [0.0, 2.0]])
        >>> np.degrees(losses.own_angle(clips, centers, ["fan/00", "fan/02"], ["fan/00", "fan/00"]))
        array([45., 90.], dtype=float32)
    Notebook: 06_angles_and_margins
    """
    cosines = nearest(cosine(floats(x, "x"), floats(centers, "centers").detach().to(x)))  # (N, C)
    own = owned(owners, given.names(group, "group", len(x))).to(x.device)
    if own.shape != cosines.shape:
        raise ValueError(f"{own.shape[1]} owners of {len(centers)} classes: give one each")
    return angle(cosines.masked_fill(~own, -1.0).amax(dim=1)).cpu().numpy()


def owned(owners, group):
    """Whether the group of a clip owns a class.

    Shapes: ``owners`` (C,), ``group`` (N,) -> (N, C) of bool.
    Raises: ValueError for a group that owns no class.
    """
    names, place = np.unique(np.asarray(group, dtype=str), return_inverse=True)
    own = np.array([[f"{name}/".startswith(f"{owner}/") for owner in owners] for name in names])
    if not own.any(axis=1).all():
        raise ValueError(
            f"{names[~own.any(axis=1)][0]} owns no class: the classes are those of "
            f"{', '.join(sorted(set(owners)))}"
        )
    return torch.from_numpy(own[place])


@torch.no_grad()
def median_angle(cosine, soft):
    r"""The median angle of a batch to the own classes, $\mathrm{med}_i \sum_j \bar y_{ij}
    \theta_{ij}$, in radians.

    Paper: [SCA] eq. 2 and 8.
    Shapes: ``cosine`` and ``soft`` labels (N, C) -> scalar, without gradient.
    Choices: the lower of the two middle values where N is even; a mixed clip has the blend of its
        two angles.
    Example:
        >>> cosine = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
        >>> soft = torch.tensor([[1.0, 0.0]]).expand(3, 2)
        >>> losses.angles.median_angle(cosine, soft).rad2deg()  # of 0, 90 and 90
        tensor(90.)
    Notebook: 07_adacos
    """
    return (soft * angle(cosine)).sum(dim=1).median()


def glorot(*shape):
    """Centers drawn uniformly as Glorot and Bengio did for a matrix (number of centers, dimension).

    Shapes: (..., D) -> a tensor of that shape.
    Example:
        >>> losses.angles.glorot(41, 16, 128).shape
        torch.Size([41, 16, 128])
    """
    centers = torch.empty(shape)
    torch.nn.init.xavier_uniform_(centers.view(-1, shape[-1]))
    return centers


def check_classes(classes):
    """Check the number of classes.

    Shapes: a number -> the same.
    Raises: ValueError for fewer than 2 classes, or what is no whole number.
    Example:
        >>> losses.angles.check_classes(1)
        Traceback (most recent call last):
        ValueError: the loss tells classes apart: it needs 2 classes or more, not 1
    Notebook: 05_classify_to_detect
    """
    classes = given.count(classes, "classes", least=0)
    if classes < 2:
        raise ValueError(f"the loss tells classes apart: it needs 2 classes or more, not {classes}")
    return classes
