"""A view of the subspaces of AdaProj: a clip on the sphere under the hand, its distances follow."""

from ..figures.losses.subspace_lab import subspace_figure, subspace_state
from ..losses.adaproj import check_subspace
from .view import View, among, buttons, whole

DIMS = (3, 4, 8, 16, 64)
KINDS = ("orthonormal", "random")


class SubspaceView(View):
    """Move a clip over the sphere and choose D, J and the centers: distances and gradient follow.

    Shapes: ``dim`` is 3, 4, 8, 16 or 64, ``subspace_dim`` a whole number from 1 to ``dim``,
        ``centers`` "orthonormal" or "random", longitude from -180 to 180 and latitude from -90 to
        90 in whole degrees.
    Raises: ValueError as ``set`` does.
    Choices: where a hand moves D below J, J follows; ``set`` refuses such a pair. J = D is offered
        as the limit at which orthonormal centers leave nothing to learn.
    Example:
        >>> view = views.SubspaceView(dim=3, subspace_dim=2)
        >>> few, many = (view.set(dim=64, subspace_dim=size).state["cosine"][0] for size in (1, 63))
        >>> bool(few < 0.5), bool(many > 0.9)  # to class 0
        (True, True)
    Notebook: 10_adaproj
    """

    def __init__(
        self, dim=3, subspace_dim=2, centers="orthonormal", longitude=20, latitude=35, seed=0
    ):
        check_subspace(subspace_dim, dim, orthonormal=False)
        self.seed = seed
        controls = {
            "dim": among("D", DIMS, 3, "Dimension of the embedding space", live=True),
            "subspace_dim": whole("J", range(1, max(DIMS) + 1), 1, "Centers a class has"),
            "centers": buttons("centers", KINDS, KINDS[0], "Centers of a class: at right angles?"),
            "longitude": whole(
                "longitude in °", range(-180, 181), 20, "Arrow keys move the clip by a degree"
            ),
            "latitude": whole(
                "latitude in °", range(-90, 91), 35, "Arrow keys move the clip by a degree"
            ),
        }
        values = (dim, subspace_dim, centers, longitude, latitude)
        super().__init__(controls, start=dict(zip(controls, values)))

    @property
    def state(self):
        """Cosines, loss and gradient as they are now, the dict of ``subspace_state``."""
        return subspace_state(
            self.dim.value, self.subspace_dim.value, self.centers.value == KINDS[0],
            self.longitude.value, self.latitude.value, self.seed,
        )  # fmt: skip

    def figure(self):
        """Draw the picture as it is now, for a page without a kernel."""
        return subspace_figure(self.state)

    def set(self, dim=None, subspace_dim=None, centers=None, longitude=None, latitude=None):
        """Move the controls as a hand would; a control that is not given stays.

        Raises: ValueError for a value that a control does not offer, or a J above D.
        """
        with self._one_redraw():
            self.subspace_dim.max = max(DIMS)  # D may move with it
            if subspace_dim is not None:
                new_dim = self.dim.value if dim is None else self._step("dim", dim)
                check_subspace(self._step("subspace_dim", subspace_dim), new_dim, orthonormal=False)
            return super().set(
                dim=dim, subspace_dim=subspace_dim, centers=centers, longitude=longitude,
                latitude=latitude,
            )  # fmt: skip

    def _follow(self):
        self._quiet = True  # J may come down with D: one redraw shows both
        self.subspace_dim.max = self.dim.value
        self._quiet = False

    def _readout(self):
        state = self.state
        cosines = ", ".join(f"{value:.2f}" for value in state["cosine"])
        return (
            f"D = {state['dim']}, J = {state['subspace_dim']}, {self.centers.value} centers: "
            f"cosines {cosines}, loss {state['loss']:.3f}"
        )
