"""The scatter of the explorer: points on a canvas of the browser, with lasso, sound and keys."""

import json
from pathlib import Path

import anywidget
import numpy as np
import traitlets
from matplotlib.path import Path as Polygon

from .. import given
from ..plain import sendable

HOWS = ("new", "add", "remove")
MOST = 50_000


class Scatter(anywidget.AnyWidget):
    """Points that a hand hovers, clicks and lassoes, drawn by ``scatter.js`` on a plain canvas.

    A point is its row everywhere, shown or not, so that its name, its place and its sound are of
    one clip. ``selected``, ``picked``, ``hidden``, ``color``, ``loss``, ``epoch`` and ``rings``
    follow the hand and may be set; color, loss and epoch are numbers from 0.

    Shapes: ``xy`` (N, 2), or (S, N, 2) of S scenes, in the order of ``tell``; ``names`` (N,);
        ``sound(point) -> bytes`` of an Ogg file, or a ValueError or OSError that says why there is
        none; ``table() -> str``, the selection as CSV.
    Raises: ValueError where a place is not finite, there is no point or are more than 50,000, or
        names are of another length.
    Choices: places, colors and names travel as bytes, what the hand selects as a list of numbers,
        since bytes from a browser arrive as another type and are refused without a word.
    """

    _esm = Path(__file__).with_name("scatter.js")
    points = traitlets.Bytes().tag(sync=True)  # (S, N, 2) float32
    shapes = traitlets.Bytes().tag(sync=True)  # (N,) letters
    names = traitlets.Bytes().tag(sync=True)  # JSON
    groups = traitlets.Bytes().tag(sync=True)  # (sheets, N) rows of the legend of a sheet
    colors = traitlets.Bytes().tag(sync=True)  # (sheets, N, 3)
    legends = traitlets.List().tag(sync=True)  # a legend a sheet
    looks = traitlets.List().tag(
        sync=True
    )  # dicts of name, words and sheets, the sheet of each scene
    losses = traitlets.List([""]).tag(sync=True)
    epochs = traitlets.List([[0]]).tag(sync=True)  # of each loss
    scenes = traitlets.List([{}]).tag(sync=True)  # dicts of k, threshold, bound, changed and moved
    few = traitlets.Float(0.0).tag(sync=True)  # a point that keeps a smaller share has a ring
    kept = traitlets.Bytes().tag(
        sync=True
    )  # (S, N) percent of the neighbors that the map keeps, 255 unknown
    changes = traitlets.Bytes().tag(
        sync=True
    )  # (S, N) percent of neighbors exchanged since the epoch before
    scores = traitlets.Bytes().tag(sync=True)  # (S, N) float32, or nothing
    angles = traitlets.Bytes().tag(sync=True)  # (S, N) float32, radians, or nothing
    color = traitlets.Int(0).tag(sync=True)
    loss = traitlets.Int(0).tag(sync=True)
    epoch = traitlets.Int(0).tag(sync=True)
    rings = traitlets.Bool(False).tag(sync=True)
    selected = traitlets.List(traitlets.Int()).tag(sync=True)
    hidden = traitlets.List(traitlets.Int()).tag(sync=True)
    lines = traitlets.List(traitlets.Int()).tag(sync=True)
    picked = traitlets.Int(-1).tag(sync=True)

    def __init__(self, xy, names, sound, table):
        own, names = places(xy), [str(name) for name in names]
        if len(names) != own.shape[1]:
            raise ValueError(
                f"there are {len(names)} names for {own.shape[1]} points: pass one a point"
            )
        self._painted = 0
        self.places, self._sound, self._table = own, sound, table
        packed = json.dumps(names).encode()
        super().__init__(points=own.astype("<f4").tobytes(), names=packed)
        self.on_msg(self._asked)

    def paint(self, looks, shapes):
        """Say what the points may be colored by, and name the groups that each legend switches.

        Shapes: ``looks``, dicts of ``name``, ``words``, what the map is to a reader who does not
            see it, and ``sheets``, one for all scenes or one for each: groups (N,), rows of a
            legend, the legend, a list of dicts of ``name color shape hollow``, and colors (N, 3)
            of 0 to 255; ``shapes`` (N,) markers "o ^ s v D".
        """
        sheets, told = [], []
        for look in looks:
            rows = [*range(len(sheets), len(sheets) + len(look["sheets"]))]
            sheets += look["sheets"]
            rows = rows * len(self.places) if len(rows) == 1 else rows
            told.append({"name": look["name"], "words": look["words"], "sheets": rows})
        with self.hold_sync():
            self.hidden, self.legends, self.looks = [], [list(own[1]) for own in sheets], told
            self.groups = np.array([own[0] for own in sheets], dtype=np.uint8).tobytes()
            self.colors = np.array([own[2] for own in sheets], dtype=np.uint8).tobytes()
            self.shapes = "".join(shapes).encode("ascii")
            self._painted = self.sheet

    def tell(self, data):
        """Take what ``scene_data`` says of the scenes."""
        with self.hold_sync():
            for name, value in data.items():
                self.set_trait(name, value)

    def show(self, loss, epoch):
        """Show the scene of the ``epoch``-th epoch of the ``loss``-th loss."""
        if loss != self.loss:
            self.epoch = 0  # which every loss has
        self.loss, self.epoch = loss, epoch

    @property
    def scene(self):
        """The number of the scene that is shown."""
        return sum(len(own) for own in self.epochs[: self.loss]) + self.epoch

    @property
    def sheet(self):
        """The number of the sheet that colors the points now."""
        return self.looks[self.color]["sheets"][self.scene]

    @property
    def xy(self):
        """Where the points stand now, (N, 2)."""
        return self.places[self.scene]

    @property
    def legend(self):
        """The groups as they are colored now, a list of dicts."""
        return self.legends[self.sheet]

    @property
    def group(self):
        """The row of the legend of each point, (N,)."""
        return np.frombuffer(self.groups, np.uint8).reshape(len(self.legends), -1)[self.sheet]

    @property
    def shade(self):
        """The color of each point, (N, 3) of 0 to 255."""
        return np.frombuffer(self.colors, np.uint8).reshape(len(self.legends), -1, 3)[self.sheet]

    @property
    def shown(self):
        """Which points are shown, (N,) bool: those of hidden groups are not."""
        return ~np.isin(self.group, self.hidden)

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

    @traitlets.observe("color", "loss", "epoch")
    def _shown(self, change):
        """Show hidden groups again where other groups are colored."""
        if self.looks and self.hidden and self.sheet != self._painted:
            self.hidden = []
        self._painted = self.sheet if self.looks else 0

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
            self.send(
                {"kind": "table", "name": "selection.csv"},
                [self._table().encode(errors="backslashreplace")],
            )
        for point in content.get("points", ()):
            answer, data = {"kind": "sound", "point": point}, []
            try:
                data = [self._sound(point)]
            except (OSError, ValueError, RuntimeError) as error:  # soundfile raises the last
                answer["missing"] = sendable(error)
            self.send(answer, data)


def places(xy):
    """Return the places of the points in each scene (S, N, 2) as float64, checked."""
    xy = given.array(xy, "xy")
    own = xy[None] if xy.ndim == 2 else xy
    if own.ndim != 3 or own.shape[2] != 2 or not own.size:
        raise ValueError(f"a map is (N, 2), a row a clip, not {xy.shape}")
    if own.shape[1] > MOST:
        count = own.shape[1]
        raise ValueError(f"the map shows at most {MOST:,} points, not {count:,}: take a part")
    return own
