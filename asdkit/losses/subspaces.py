"""The subspaces that centers span: how much of an embedding lies inside, and how two of them lie to
each other.
"""

import torch

from ..given_tensors import finite, floats
from .angles import unit


@torch.no_grad()
def energy_inside(x, centers):
    r"""Share of the squared length of each embedding inside the span of each class' centers.

    $$e_{ik} = \frac{\|Q_k^T x_i\|^2}{\|x_i\|^2}, \qquad Q_k \text{ an orthonormal basis of }
    \mathrm{span}(\mathcal C_k)$$

    Paper: [AP] Lemma 2, whose condition is $e = 1$.
    Shapes: ``x`` (N, D), ``centers`` (C, J, D) -> (N, C), in [0, 1].
    Raises: ValueError where these are no such shapes.
    Choices: the centers may have any angles to each other, as the basis is the projection's own; a
        center that depends on the others adds nothing. For orthonormal centers e is AdaProj's
        squared cosine, for others never less. A random direction has $J/D$ on average. An embedding
        of length 0 has no energy anywhere.
    Example:
        >>> plane = torch.tensor([[[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]]])  # 45 degrees, one plane
        >>> losses.energy_inside(torch.tensor([[1.0, 1.0, 1.0]]), plane)
        tensor([[0.6667]])
    Notebook: 10_adaproj
    """
    finite(floats(x, "x"), "x"), floats(centers, "centers")
    if x.ndim != 2 or x.shape[-1] != centers.shape[-1]:
        raise ValueError(
            f"x {tuple(x.shape)} and centers {tuple(centers.shape)}: give (N, D) and (C, J, D)"
        )
    basis, _ = spanned(centers.to(x))  # (C, D, J)
    inside = torch.einsum("nd,kdj->nkj", unit(x), basis)
    return inside.square().sum(dim=2).clamp(max=1.0)  # (N, C, J) -> (N, C)


@torch.no_grad()
def principal_angles(centers):
    r"""Principal angles between the subspaces of each two classes, in radians, smallest first.

    $$\theta_{kl,j} = \arccos \sigma_j(Q_k^T Q_l), \qquad \sigma_1 \ge \dots \ge \sigma_J$$

    Paper: none; they say how far apart the subspaces of [AP] Definition 1 lie.
    Shapes: (C, J, D) -> (C, C, J), in [0, pi/2].
    Raises: ValueError for centers of another shape, or for a class whose J centers depend on each
        other and so span less than J dimensions.
    Choices: computed in float64 on the CPU. The arccos has a millionth of a degree there where an
        angle is near 0, such as that of a class to itself.
    Example:
        >>> first, second, third = torch.eye(3)
        >>> planes = torch.stack([torch.stack([first, second]), torch.stack([first, third])])
        >>> losses.principal_angles(planes)[0, 1].rad2deg()  # one line in common
        tensor([ 0., 90.], dtype=torch.float64)
    Notebook: 10_adaproj
    """
    basis, rank = spanned(floats(centers, "centers").detach().cpu().double())  # (C, D, J)
    poor = (rank < centers.shape[1]).nonzero().flatten().tolist()
    if poor:
        raise ValueError(
            f"the {centers.shape[1]} centers of class {poor[0]} span {rank[poor[0]]} dimensions: "
            "give each class centers that do not depend on each other"
        )
    cosine = torch.linalg.svdvals(torch.einsum("kdi,ldj->klij", basis, basis))  # (C, C, J)
    return cosine.clamp(max=1.0).arccos()


def spanned(centers):
    """An orthonormal basis of the span of each class' centers, and the dimension of the span.

    Shapes: (C, J, D) -> (C, D, J) and (C,); columns beyond the dimension are 0.
    Raises: ValueError for centers of another shape.
    Choices: left singular vectors, since a QR decomposition invents a direction where two
        centers are equal.
    """
    if centers.ndim != 3:
        raise ValueError(f"centers are {tuple(centers.shape)}: give (C, J, D)")
    finite(centers, "centers")
    left, size, _ = torch.linalg.svd(unit(centers).mT, full_matrices=False)
    least = torch.finfo(centers.dtype).eps * max(centers.shape[1:]) * size[:, :1]
    return left * (size > least)[:, None], (size > least).sum(dim=1)
