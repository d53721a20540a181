"""The explorer: a map of embeddings in which clips are seen, selected, heard and compared."""

import html

import ipywidgets
import numpy as np
import pandas as pd

from .. import projection
from ..figures.maps.explorer_lab import explorer_figure, explorer_state
from ..plain import shown
from .clip_sounds import ClipSounds
from .clip_table import ClipTable, plain_cells
from .looks import looks, shapes
from .portable import Portable
from .scatter import Scatter
from .scene import Scene, Scenes
from .scene_data import lost, scene_data
from .view import View, picture

FOLLOWED = ["selected", "picked", "hidden", "color", "loss", "epoch", "rings"]


class MapExplorer(View, Portable):
    """Explore maps of embeddings: hover, click to hear, lasso, and see the nearest normal clips.

    Shapes: ``map`` (N, 2), or what ``projection.fit_map`` returns; ``clips``, a table of N rows;
        ``label`` (N,), 0 normal, 1 anomaly, missing where unknown; ``audio``, N waves (T,), paths,
        or None where there is none; ``x score angle cluster threshold`` as in ``Scene``.
    Raises: ValueError where lengths differ, a score or embedding is not finite, a label is none, or
        there are more than 50,000 points.
    Choices: labels and sounds are those of the table where it has them (``label``, ``path``).
        Neighbors are normal training clips, by cosine in D dimensions; without a column ``split``
        all normal clips; without ``x`` there are none. The threshold, where colors of the score
        meet, is the median unless it is given. A hidden clip is neither selected nor picked.
    Notebook: 14_embedding_explorer
    """

    def __init__(self, map, clips, score=None, label=None, audio=None, x=None, angle=None,
                 cluster=None, threshold=None, seconds=3.0, sr=16000):  # fmt: skip
        scenes = map if isinstance(map, Scenes) else Scenes(
            {0: Scene(map, x, score, angle, cluster, threshold)}, len(clips)
        )  # fmt: skip
        self.scenes, self.known = scenes, ClipTable(clips, label)
        audio = list(clips.get("path", [None] * len(clips)) if audio is None else audio)
        self.sounds = ClipSounds(audio, self.known.names, seconds, sr)
        places = np.array([scene.xy for scene in scenes.all])
        self.scatter = Scatter(places, self.known.names, self.sounds.ogg, self.csv)
        self.scatter.tell(scene_data(scenes))
        painted = looks(self.known.words, self.known.label, scenes.all)
        self.scatter.paint(painted, shapes(self.known.label))
        self.table, self._pictured = ipywidgets.HTML(), None
        super().__init__({})
        # words that grow above the map would move it under the hand
        self._box.children = [self.scatter, self.text, self._image, self.table]
        self.scatter.observe(self._redraw, names=FOLLOWED)

    @classmethod
    def from_scenes(cls, scenes, clips, label=None, audio=None, **choices):
        """Explore losses and epochs on the same clips.

        Shapes: ``scenes``, a loss -> an epoch -> ``Scene``, or an epoch -> ``Scene``; ``choices``
            are ``seconds`` and ``sr``.
        Raises: ValueError as the class does, with the loss and the epoch.
        """
        return cls(Scenes(scenes, len(clips)), clips, label=label, audio=audio, **choices)

    @classmethod
    def from_arrays(cls, embeddings, clips=None, audio=None, map=None, **choices):
        """Explore embeddings of any model; ``map`` is their PCA unless another is given.

        Shapes: ``embeddings`` (N, D), or a dict of file name -> (D,); ``clips`` N names, or a table
            of N rows; ``choices`` as for the class.
        Raises: ValueError as the class and ``projection.pca_map`` do.
        """
        if isinstance(embeddings, dict):
            clips = list(embeddings) if clips is None else clips
            audio = list(embeddings) if audio is None else audio
            embeddings = np.stack([np.asarray(vector) for vector in embeddings.values()])
        x = np.asarray(embeddings.detach().cpu() if hasattr(embeddings, "detach") else embeddings)
        if not isinstance(clips, pd.DataFrame):
            names = [f"clip {row}" for row in range(len(x))] if clips is None else list(clips)
            clips = pd.DataFrame({"name": [str(name) for name in names]})
        if map is None:
            map = projection.pca_map(x)
        return cls(map, clips, audio=audio, x=x, **choices)

    @property
    def scene(self):
        """The ``Scene`` that is shown."""
        return self.scenes.all[self.scatter.scene]

    @property
    def state(self):
        """What is shown: ``color groups hidden picked name nearest loss epoch losses epochs rings
        moved changed``, and the dict of ``explorer_state``.

        ``epochs`` are those of the loss; ``moved`` names the clips that moved most since the epoch
        before, ``changed`` is the mean share of neighbors in D dimensions exchanged since then.
        """
        scatter, scenes = self.scatter, self.scenes
        picked, names = scatter.picked, [group["name"] for group in scatter.legend]
        told, epochs = scatter.scenes[scatter.scene], scenes.epochs[scatter.loss]
        return {
            "color": scatter.looks[scatter.color]["name"], "groups": names,
            "hidden": [names[number] for number in scatter.hidden], "picked": picked,
            "name": self.known.names[picked] if picked >= 0 else None,
            "nearest": list(scatter.lines), "loss": scenes.losses[scatter.loss],
            "epoch": epochs[scatter.epoch], "losses": list(scenes.losses), "epochs": list(epochs),
            "rings": scatter.rings, "changed": told["changed"],
            "moved": [self.known.names[row] for row, _ in told["moved"]],
            **explorer_state(
                scatter.group, names, self.known.label, self.scene.score, scatter.selected
            ),
        }  # fmt: skip

    def figure(self):
        """Draw the picture as it is now, for a page without a kernel."""
        scatter, scene = self.scatter, self.scene
        where = self.scenes.told(scatter.loss, scatter.epoch)
        color = scatter.looks[scatter.color]["name"]
        ringed = np.flatnonzero(lost(scene)) if scatter.rings else ()
        return explorer_figure(
            scene.xy, scatter.group, scatter.legend, scatter.shade, self.known.label,
            scatter.selected, scatter.picked, scatter.lines, scatter.hidden, ringed,
            title=f"{where + ', ' if where else ''}colored by {color}, n = {len(scene.xy)} clips",
        )  # fmt: skip

    def set(self, color=None, picked=None, selected=None, hidden=None, loss=None, epoch=None,
            rings=None):  # fmt: skip
        """Choose as a hand would: a color, clips, groups to hide, a loss, an epoch, rings; what is
        not given stays.

        Shapes: ``picked`` a row or -1, ``selected`` rows, ``hidden`` names of groups.
        Raises: ValueError for a color, a loss, an epoch, a row or a group that is not there;
            nothing moves then.
        Choices: another loss is shown at the epoch nearest to the one before.
        """
        scatter = self.scatter
        before = {name: getattr(scatter, name) for name in FOLLOWED}
        with self._one_redraw():
            try:
                self._choose(color, loss, epoch, rings)
                if hidden is not None:
                    scatter.hide(*hidden)
                if selected is not None:
                    scatter.selected = [int(row) for row in selected]
                if picked is not None:
                    scatter.picked = int(picked)
            except ValueError:
                scatter.show(before.pop("loss"), before.pop("epoch"))
                for name in ("color", *before):  # a color shows what is hidden
                    setattr(scatter, name, before[name])
                raise
        return self

    def _choose(self, color, loss, epoch, rings):
        scatter, names = self.scatter, [look["name"] for look in self.scatter.looks]
        if color is not None and color not in names:
            raise ValueError(f"color cannot be {color!r}: give one of {', '.join(names)}")
        place = self.scenes.place(loss, epoch, now=(scatter.loss, scatter.epoch))
        with scatter.hold_sync():
            scatter.color = scatter.color if color is None else names.index(color)
            scatter.show(*place)
            scatter.rings = scatter.rings if rings is None else bool(rings)

    def lasso(self, polygon, how="new"):
        """Select the clips inside a polygon of the map, as ``Scatter.lasso`` does."""
        self.scatter.lasso(polygon, how)
        return self

    def to_frame(self):
        """Return a table for other explorers: x, y, name, label, score, neighbors, path, selected.

        Shapes: a DataFrame of N rows; ``neighbors`` are names, joined by "; ".
        """
        return self._frame(np.arange(len(self.scene.xy)))

    def csv(self):
        """Return the selected rows of ``to_frame`` as CSV, with their row numbers.

        Choices: a word that a spreadsheet would run as a formula has a quote before it.
        """
        frame = self._frame(np.array(self.scatter.selected, dtype=int))
        return plain_cells(frame).to_csv(index_label="row")

    def _frame(self, rows):
        frame = self.known.frame(rows, self.scene)
        frame.insert(0, "x", self.scene.xy[rows, 0])
        frame.insert(1, "y", self.scene.xy[rows, 1])
        return frame.assign(
            path=[self.sounds.path(row) for row in rows],
            selected=np.isin(rows, self.scatter.selected),
        )

    def _follow(self):
        picked = self.scatter.picked
        near = self.known.nearest([picked], self.scene) if picked >= 0 else [[]]
        self.scatter.lines = near[0]

    def _redraw(self, change=None):
        if self._quiet:
            return
        self._quiet = True  # what follows moves what is watched
        try:
            self._follow()
        finally:
            self._quiet = False
        state = self.state
        self.text.value = html.escape(shown(self._readout(state)))
        self.table.value = _table(state["table"])
        if self._seen:
            self._draw()

    def _draw(self):
        now = (self.scatter.picked, self.scatter.scene)
        if now != self._pictured:
            self._pictured = now
            self._image.value = self._picture(self.scatter.picked)

    def _picture(self, row):
        """Return the log-mel of a clip as HTML, or the reason why there is none."""
        if row < 0:
            return ""
        try:
            figure = self.sounds.log_mel(row, self.known.told(row, self.scene))
        except (OSError, ValueError, RuntimeError) as error:
            return html.escape(shown(f"{self.known.names[row]} cannot be shown: {error}"))
        return picture(figure.png(), figure.alt)

    def _readout(self, state=None):
        state = state or self.state
        where = self.scenes.told(self.scatter.loss, self.scatter.epoch)
        words = f"{state['selected']} of {state['clips']} clips selected"
        words = f"{where}: {words}" if where else words
        if state["picked"] < 0:
            return f"{words}; no clip is chosen"
        near = ", ".join(self.known.names[row] for row in state["nearest"]) or (
            "not known, since no embeddings were given" if self.scene.x is None else "none"
        )
        told = self.known.told(state["picked"], self.scene)
        return f"{words}; {told}; nearest normal clips in D dimensions: {near}"


def _table(table):
    """Return the table of a selection as HTML."""
    return table.to_html(index=False, escape=True, na_rep="-", float_format="{:.3f}".format)
