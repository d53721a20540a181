"""The scatter of the explorer: points on a canvas of the browser, with lasso, sound and keys."""

import json
from pathlib import Path

import anywidget
import numpy as np
import traitlets
from matplotlib.path import Path as Polygon

HOWS = ("new", "add", "remove")
MOST = 50_000


class Scatter(anywidget.AnyWidget):
    """Points that a hand hovers, clicks and lassoes, drawn by ``scatter.js`` on a plain canvas.

    A point is its row everywhere, shown or not, so that its name, its place and its sound are of
    one clip. ``selected``, ``picked`` and ``hidden`` follow the hand and may be set.

    Shapes: ``xy`` (N, 2), ``names`` (N,); ``sound(point) -> bytes`` of an Ogg file, or a ValueError
        or OSError that says why there is none; ``table() -> str``, the selection as CSV.
    Raises: ValueError where a place is not finite, there is no point or are more than 50,000, or
        names are of another length.
    Choices: places, colors and names travel as bytes, what the hand selects as a list of numbers,
        since bytes from a browser arrive as another type and are refused without a word.
    """

    _esm = Path(__file__).with_name("scatter.js")
    points = traitlets.Bytes().tag(sync=True)
    colors = traitlets.Bytes().tag(sync=True)
    shapes = traitlets.Bytes().tag(sync=True)
    groups = traitlets.Bytes().tag(sync=True)
    names = traitlets.Bytes().tag(sync=True)
    legend = traitlets.List(traitlets.Dict()).tag(sync=True)
    words = traitlets.Unicode().tag(sync=True)
    selected = traitlets.List(traitlets.Int()).tag(sync=True)
    hidden = traitlets.List(traitlets.Int()).tag(sync=True)
    lines = traitlets.List(traitlets.Int()).tag(sync=True)
    picked = traitlets.Int(-1).tag(sync=True)

    def __init__(self, xy, names, sound, table):
        xy, names = _places(xy), [str(name) for name in names]
        if len(names) != len(xy):
            raise ValueError(f"there are {len(names)} names for {len(xy)} points: pass one a point")
        self.xy, self._sound, self._table = xy, sound, table
        packed = json.dumps(names).encode()
        super().__init__(points=xy.astype("<f4").tobytes(), names=packed)
        self.on_msg(self._asked)

    def paint(self, groups, legend, colors, shapes, words):
        """Color the points, and name the groups that the legend switches.

        Shapes: ``groups`` (N,) rows of ``legend``, dicts of ``name color shape``; ``colors`` (N, 3)
            of 0 to 255; ``shapes`` (N,) markers "o ^ s v D"; ``words``, what the map is to a reader
            who does not see it.
        """
        with self.hold_sync():
            self.hidden = []
            self.groups = np.asarray(groups, dtype=np.uint8).tobytes()
            self.colors = np.asarray(colors, dtype=np.uint8).tobytes()
            self.shapes = "".join(shapes).encode("ascii")
            self.words, self.legend = words, list(legend)

    @property
    def shown(self):
        """Which points are shown, (N,) bool: those of hidden groups are not."""
        return ~np.isin(np.frombuffer(self.groups, np.uint8), self.hidden)

    def lasso(self, polygon, how="new"):
        """Select the shown points inside a polygon of the map, as a hand with a lasso would.

        Shapes: ``polygon`` (M, 2) in the coordinates of the map; ``how`` is "new", "add" or
            "remove".
        Raises: ValueError for another ``how``, or fewer than three corners.
        """
        polygon = np.asarray(polygon, dtype=float)
        if how not in HOWS:
            raise ValueError(f"a lasso cannot be {how!r}: give one of {', '.join(HOWS)}")
        if polygon.ndim != 2 or polygon.shape[1] != 2 or len(polygon) < 3:
            raise ValueError(f"a lasso has corners (M, 2), at least three, not {polygon.shape}")
        found = np.flatnonzero(Polygon(polygon).contains_points(self.xy) & self.shown).tolist()
        before = set(self.selected)
        after = {"new": set(found), "add": before | set(found), "remove": before - set(found)}
        self.selected = sorted(after[how])
        return self

    def hide(self, *groups):
        """Hide groups by their names; what is hidden is not selected, nor picked.

        Raises: ValueError for a name that the legend does not hold.
        """
        names = [group["name"] for group in self.legend]
        for group in groups:
            if group not in names:
                raise ValueError(f"no group is called {group!r}: take of {', '.join(names)}")
        with self.hold_sync():
            self.hidden = [number for number, name in enumerate(names) if name in groups]
            shown = self.shown
            self.selected = [point for point in self.selected if shown[point]]
            if self.picked >= 0 and not shown[self.picked]:
                self.picked = -1

    @traitlets.validate("selected")
    def _rows(self, proposal):
        if any(not 0 <= point < len(self.xy) for point in proposal["value"]):
            raise ValueError(f"a selection holds rows from 0 to {len(self.xy) - 1}")
        return proposal["value"]

    @traitlets.validate("picked")
    def _row(self, proposal):
        if not -1 <= proposal["value"] < len(self.xy):
            raise ValueError(f"a picked clip is a row from 0 to {len(self.xy) - 1}, or -1 for none")
        return proposal["value"]

    def _asked(self, widget, content, buffers):
        """Answer the page: sounds of points, the table, or that the kernel is there."""
        if content["kind"] == "ping":
            self.send({"kind": "pong"})
        elif content["kind"] == "table":
            self.send({"kind": "table", "name": "selection.csv"}, [self._table().encode()])
        for point in content.get("points", ()):
            answer, data = {"kind": "sound", "point": point}, []
            try:
                data = [self._sound(point)]
            except (OSError, ValueError, RuntimeError) as error:  # soundfile raises the last
                answer["missing"] = str(error)
            self.send(answer, data)


def _places(xy):
    """Return the places of the points as float64, checked."""
    xy = np.asarray(xy.detach().cpu() if hasattr(xy, "detach") else xy, dtype=float)
    if xy.ndim != 2 or xy.shape[1] != 2 or not len(xy):
        raise ValueError(f"a map is (N, 2), a row a clip, not {xy.shape}")
    if len(xy) > MOST:
        raise ValueError(f"the map shows at most {MOST:,} points, not {len(xy):,}: take a part")
    if not np.isfinite(xy).all():
        broken = int((~np.isfinite(xy)).any(1).sum())
        raise ValueError(f"{broken} of {len(xy)} places on the map are NaN or infinite: leave them")
    return xy
