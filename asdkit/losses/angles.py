"""The first brick of the angular losses: cosines and angles between embeddings and centers."""

import torch
from torch.nn import functional as F

CLIP = 1e-7


def cosine(x, centers):
    r"""Cosine of each embedding with each center, $\cos\theta_{ik} = \langle x_i, W_k \rangle / (\|x_i\| \|W_k\|)$.

    Paper: [SCA] eq. 1.
    Shapes: ``x`` (N, D), ``centers`` (..., D) -> (N, ...).
    Example:
        >>> losses.cosine(torch.tensor([[3.0, 0.0]]), torch.tensor([[1.0, 0.0], [0.0, 2.0], [-5.0, 0.0]]))
        tensor([[ 1.,  0., -1.]])
    Notebook: 00_start_here
    """
    flat = F.normalize(centers.reshape(-1, centers.shape[-1]), dim=1)
    return (F.normalize(x, dim=1) @ flat.T).view(len(x), *centers.shape[:-1])


def angle(cosine, clip=0.0):
    r"""The angle of a cosine in radians, $\theta = \arccos(\min(\max(\cos\theta, -1 + c), 1 - c))$.

    Paper: [SCA] eq. 2.
    Shapes: any -> the same, in [0, pi].
    Choices: ``clip`` c is 0, which only mends rounding; authors' code clips at 1e-7, which keeps the gradient finite.
    Example:
        >>> losses.angle(torch.tensor([1.0, 0.0, -1.0])).rad2deg()
        tensor([  0.,  90., 180.])
    Notebook: 00_start_here
    """
    return cosine.clamp(-1.0 + clip, 1.0 - clip).arccos()


def glorot(*shape):
    """Centers drawn uniformly as Glorot and Bengio did for a matrix (number of centers, dimension).

    Shapes: (..., D) -> a tensor of that shape.
    Example:
        >>> losses.angles.glorot(41, 16, 128).shape
        torch.Size([41, 16, 128])
    Notebook: 00_start_here
    """
    centers = torch.empty(shape)
    torch.nn.init.xavier_uniform_(centers.view(-1, shape[-1]))
    return centers
