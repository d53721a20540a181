"""A view of two centroids: who plays the anomaly, how many true ones are known, and alpha."""

from ..figures.backends.role_scores import ALPHAS
from ..figures.losses.centroid_lab import centroid_figure, centroid_state
from .view import View, among, buttons


class CentroidView(View):
    """Choose the outliers, add true anomalies and move alpha: the plane and the AUC follow.

    Shapes: ``trained``, a dict of (outliers, k) -> (x (N, D), role (N,), x_test (M, D), p (M,),
        centers (2, D)), where ``outliers`` is a name and k counts the true anomalies; ``label``
        (M,) of the test clips, the same for all; ``alpha`` in hundredths from 0 to 1.
    Raises: ValueError where nothing was trained, for a pair of outliers and k that was not, and as
        ``centroid_state`` and ``set`` do.
    Choices: nothing is trained here. The slider of k offers what was trained with the chosen
        outliers; where a hand changes them, k falls to the next smaller one that is there.
    Example:
        >>> x, role = np.array([[0.0, 0.0], [0.5, 0.0], [2.0, 1.0]]), [1, 1, 0]
        >>> run = (x, role, x, [0.9, 0.8, 0.2], [[0.0, 0.0], [2.0, 1.0]])
        >>> view = views.CentroidView({("other ids", 0): run}, label=[0, 0, 1])
        >>> view.set(alpha=1.0).state["auc"], view.state["k"]
        (1.0, 0)
    Notebook: 09_binary_and_centroids
    """

    def __init__(self, trained, label, alpha=0.5, outliers=None, k=None):
        if not trained:
            raise ValueError("nothing was trained: pass a dict of (outliers, k) -> a run's arrays")
        self.trained, self.label = dict(trained), label
        names = list(dict.fromkeys(name for name, _ in self.trained))
        name = names[0] if outliers is None else outliers
        self._check(name, k)
        known = self._known(name)
        controls = {
            "outliers": buttons("outliers", names, name, "Whose clips play the anomaly"),
            "k": among(
                "anomalies", known, known[0] if k is None else k, "True anomalies trained on",
                live=True,
            ),
            "alpha": among("alpha", ALPHAS.tolist(), 0.5, "Share of 1 - p in a score", live=True),
        }  # fmt: skip
        super().__init__(controls, start={"alpha": alpha})

    @property
    def state(self):
        """What is shown: the dict of ``centroid_state``, with ``outliers`` and ``k``."""
        return self._state

    def figure(self):
        """Draw the picture as it is now, for a page without a kernel."""
        return centroid_figure(self.state, f"outliers: {self._told()}")

    def set(self, outliers=None, k=None, alpha=None):
        """Move the controls as a hand would; a control that is not given stays.

        Raises: ValueError for a value that a control does not offer, or a pair of outliers and k
            that was not trained; nothing moves then.
        """
        self._check(self.outliers.value if outliers is None else outliers, k)
        with self._one_redraw():
            super().set(outliers=outliers, alpha=alpha)
            self._offer()
            return super().set(k=k)

    def _known(self, outliers):
        """Return each k that was trained with some outliers."""
        return sorted(k for name, k in self.trained if name == outliers)

    def _check(self, outliers, k):
        known = self._known(outliers)
        if not known:
            names = ", ".join(map(str, dict.fromkeys(name for name, _ in self.trained)))
            raise ValueError(f"nothing was trained with outliers {outliers!r}: give one of {names}")
        if k is not None and k not in known:
            raise ValueError(
                f"nothing was trained with outliers {outliers!r} and k = {k}: for these outliers "
                f"k is {', '.join(map(str, known))}"
            )

    def _offer(self):
        """Offer each k of the chosen outliers."""
        known, k = self._known(self.outliers.value), self.k.value
        if known != list(self.k.options):
            self._quiet, quiet = True, self._quiet  # one redraw shows both
            self.k.options = known
            self.k.value = max([less for less in known if less <= k], default=known[0])
            self._quiet = quiet

    def _follow(self):
        self._offer()
        chosen = {"outliers": self.outliers.value, "k": self.k.value}
        run = self.trained[*chosen.values()]
        self._state = chosen | centroid_state(*run, self.label, self.alpha.value)

    def _told(self):
        return f"{self.outliers.value}, true anomalies k = {self.k.value}"

    def _readout(self):
        state = self.state
        distance, probability = state["aucs"][[0, -1]]
        return (
            f"outliers: {self._told()}, alpha = {state['alpha']:.2f}: AUC {state['auc']:.3f} "
            f"(distance alone {distance:.3f}, probability alone {probability:.3f})"
        )
