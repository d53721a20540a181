"""The backend of the binary losses: how little normal a clip is, and how far from normal ones."""

from .. import given
from .backend import Backend

OTHER = "other"
DSAD_ALPHA = {
    "fan": 0.1, "pump": 0.2, "slider": 0.0, "ToyCar": 0.0, "ToyConveyor": 0.0, "valve": 0.0,
    OTHER: 0.5,
}  # fmt: skip
DDC_ALPHA = {
    "fan": 0.1, "pump": 1.0, "slider": 1.0, "ToyCar": 0.1, "ToyConveyor": 0.0, "valve": 1.0,
    OTHER: 0.5,
}  # fmt: skip


class RoleFusion(Backend):
    r"""The probability of being no normal clip, and the distance from the normal center, blended.

    $$s = \alpha (1 - p) + (1 - \alpha) d', \qquad d' = \frac{d - \min d}{\max d - \min d}, \qquad
    d = \|z - c_p\|^2$$

    Paper: [DDC] eq. 5; Table I for ``roles.DSAD_ALPHA`` and ``roles.DDC_ALPHA``, which were chosen
        on labeled validation clips.
    Shapes: ``x`` (N, 2), p and d, from ``loss.evidence(x)``, not embeddings; ``group`` (N,) ->
        score (N,).
    Raises: ValueError for an unknown group, NaN, what is no probability or squared distance, an
        alpha outside 0 to 1, or one clip alone where ``scale="test"``.
    Choices: with ``scale="test"``, as in the paper, min and max are those of all clips of a group
        that are scored together, so a score depends on the others, and a threshold that was set on
        normal clips means little for them. With "train" they are those of its normal training
        clips: an anomaly may lie above 1. Clips of several rows: over all rows. Equal distances are
        all 0. ``alpha`` is a number, or one for each machine type; a type that is not among them
        takes that of "other", in Table I ours: 0.5, as nothing speaks for either term.
    Example:
        >>> x = [[0.9, 1.0], [0.9, 3.0], [0.2, 5.0]]  # p and d
        >>> backends.RoleFusion(alpha=0.5).fit(x).score(x)  # (1 - p) / 2 + (0, 1/2, 1) / 2
        array([0.05, 0.3 , 0.9 ])
    Notebook: 09_binary_and_centroids
    """

    judges = "roles"

    def __init__(self, alpha, scale="test"):
        self.alpha = alpha
        self.scale = scale
        self.check()

    def check(self):
        if not self._alphas():
            raise ValueError(f"alpha is empty: give a number, or one for {OTHER!r}")
        for name, alpha in self._alphas().items():
            told = f"alpha of {name}" if isinstance(self.alpha, dict) else "alpha"
            given.number(alpha, told, 0, 1, such_as=0.5)
        given.choice(self.scale, "scale", ("test", "train"))
        if self.scale == "train" and "distance" not in self.uses():
            raise ValueError("alpha is 1, so no distance counts and 'scale' would have no effect")

    def uses(self):
        """What of the two has a share in any score.

        Shapes: -> a set of "probability" and "distance".
        """
        alphas = self._alphas().values()
        told = {"probability": max(alphas) > 0.0, "distance": min(alphas) < 1.0}
        return {name for name in told if told[name]}

    def alpha_of(self, group):
        """The alpha of the machine type that a group is of.

        Shapes: a name -> number.
        Raises: ValueError for a type that has none, where there is no "other" either.
        """
        alphas, name = self._alphas(), group.split("/")[0]
        if name not in alphas and OTHER not in alphas:
            raise ValueError(
                f"alpha has no number for {name}, only for {', '.join(alphas)}: add {OTHER!r}"
            )
        return alphas.get(name, alphas.get(OTHER))

    def together(self, group):
        return self.scale == "test" and self.alpha_of(group) < 1.0

    def keep(self, x, group):
        return {
            "alpha": self.alpha_of(group.name), "low": x[:, 1].min(), "high": x[:, 1].max(),
        }  # fmt: skip

    def judge(self, model, x):
        alpha, (p, d) = model["alpha"], x.T
        low, high = model["low"], model["high"]
        if self.scale == "test":
            if len(x) < 2 and alpha < 1.0:
                raise ValueError(
                    "there is one clip, and scale='test' scales distances over all that are scored "
                    "together: score several at once, or choose scale='train'"
                )
            low, high = d.min(), d.max()
        d = (d - low) / ((high - low) or 1.0)
        return alpha * (1.0 - p) + (1.0 - alpha) * d  # [DDC] eq. 5

    def prepare(self, x):
        x = given.rows(x)
        if x.shape[1] != 2 or x.min() < 0.0 or x[:, 0].max() > 1.0:
            raise ValueError(
                "RoleFusion takes a probability from 0 to 1 and a squared distance for each clip,"
                f" (N, 2), not {x.shape} from {x.min():.3g} to {x.max():.3g}: pass loss.evidence(x)"
            )
        return x

    def _alphas(self):
        return self.alpha if isinstance(self.alpha, dict) else {OTHER: self.alpha}
