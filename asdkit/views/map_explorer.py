"""The explorer: a map of embeddings in which clips are seen, selected, heard and compared."""

import html

import ipywidgets
import numpy as np
import pandas as pd

from .. import projection
from ..figures.maps.explorer_lab import (
    MARKERS,
    explorer_figure,
    explorer_groups,
    explorer_state,
    score_groups,
)
from ..figures.style import array
from .clip_sounds import ClipSounds
from .clip_table import ClipTable
from .scatter import Scatter
from .view import View, buttons, picture


class MapExplorer(View):
    """Explore a map of embeddings: hover, click to hear, lasso, and see the nearest normal clips.

    Shapes: ``map`` (N, 2), or what ``projection.fit_map`` returns; ``clips``, a table of N rows;
        ``score`` and ``label`` (N,), 0 normal, 1 anomaly, missing where unknown; ``audio``, N waves
        (T,), paths, or None where there is none; ``x`` (N, D), the embeddings.
    Raises: ValueError where lengths differ, a score or embedding is not finite, a label is none, or
        there are more than 50,000 points.
    Choices: labels and sounds are those of the table where it has them (``label``, ``path``).
        Neighbors are normal training clips, by cosine in D dimensions; without a column ``split``
        all normal clips; without ``x`` there are none. The threshold, where colors of the score
        meet, is the median unless it is given. A hidden clip is neither selected nor picked.
    Notebook: 14_embedding_explorer
    """

    def __init__(self, map, clips, score=None, label=None, audio=None, x=None, threshold=None,
                 seconds=3.0, sr=16000):  # fmt: skip
        self.xy = array(getattr(map, "xy", map))
        self.known = ClipTable(clips, label, score, x, self.xy)
        score = self.known.score
        audio = list(clips.get("path", [None] * len(clips)) if audio is None else audio)
        self.sounds = ClipSounds(audio, self.known.names, seconds, sr)
        if threshold is None and score is not None:
            threshold = float(np.median(score))
        self.threshold = threshold
        self.scatter = Scatter(self.xy, self.known.names, self.sounds.ogg, self.csv)
        self.table, self._painted, self._pictured = ipywidgets.HTML(), None, None
        offered = [*self.known.words, *(["score"] if score is not None else [])]
        controls = {"color": buttons("color by", offered, offered[0], "What the colors show")}
        super().__init__(controls)
        # words that grow above the map would move it under the hand
        below = [self.text, self.table, self.image]
        self.box.children = [*controls.values(), self.scatter, *below]
        self.scatter.observe(self._redraw, names=["selected", "picked", "hidden"])

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
    def state(self):
        """What is shown: ``color groups hidden picked name nearest``, and the dict of
        ``explorer_state``.
        """
        picked, names = self.scatter.picked, [group["name"] for group in self.scatter.legend]
        return {
            "color": self.color.value, "groups": names,
            "hidden": [names[number] for number in self.scatter.hidden], "picked": picked,
            "name": self.known.names[picked] if picked >= 0 else None,
            "nearest": list(self.scatter.lines),
            **explorer_state(
                self._groups, names, self.known.label, self.known.score, self.scatter.selected
            ),
        }  # fmt: skip

    def figure(self):
        """Draw the picture as it is now, for a page without a kernel."""
        scatter = self.scatter
        return explorer_figure(
            self.xy, self._groups, scatter.legend, self._colors, self.known.label, scatter.selected,
            scatter.picked, scatter.lines, scatter.hidden,
            title=f"colored by {self.color.value}, n = {len(self.xy)} clips",
        )  # fmt: skip

    def set(self, color=None, picked=None, selected=None, hidden=None):
        """Choose as a hand would: a color, a clip, clips, groups to hide; what is not given stays.

        Shapes: ``picked`` a row or -1, ``selected`` rows, ``hidden`` names of groups.
        Raises: ValueError for a color, a row or a group that is not there; nothing moves then.
        """
        before = self._chosen() if self._painted else {}
        with self._one_redraw():
            try:
                self._choose(color, picked, selected, hidden)
            except ValueError:
                self._choose(**before)
                raise
        return self

    def _chosen(self):
        return {name: self.state[name] for name in ("color", "picked", "hidden")} | {
            "selected": self.scatter.selected
        }

    def _choose(self, color=None, picked=None, selected=None, hidden=None):
        super().set(color=color)
        self._follow()
        if hidden is not None:
            self.scatter.hide(*hidden)
        if selected is not None:
            self.scatter.selected = [int(row) for row in selected]
        if picked is not None:
            self.scatter.picked = int(picked)

    def lasso(self, polygon, how="new"):
        """Select the clips inside a polygon of the map, as ``Scatter.lasso`` does."""
        self.scatter.lasso(polygon, how)
        return self

    def to_frame(self):
        """Return a table for other explorers: x, y, name, label, score, neighbors, path, selected.

        Shapes: a DataFrame of N rows; ``neighbors`` are names, joined by "; ".
        """
        return self._frame(np.arange(len(self.xy)))

    def csv(self):
        """Return the selected rows of ``to_frame`` as CSV, with their row numbers."""
        return self._frame(np.array(self.scatter.selected, dtype=int)).to_csv(index_label="row")

    def _frame(self, rows):
        frame = self.known.frame(rows)
        frame.insert(0, "x", self.xy[rows, 0])
        frame.insert(1, "y", self.xy[rows, 1])
        return frame.assign(
            path=[self.sounds.path(row) for row in rows],
            selected=np.isin(rows, self.scatter.selected),
        )

    def _follow(self):
        color, picked = self.color.value, self.scatter.picked
        if color != self._painted:
            if color == "score":
                self._groups, legend, self._colors = score_groups(self.known.score, self.threshold)
            else:
                self._groups, legend, self._colors = explorer_groups(self.known.words[color])
            shapes = [MARKERS[label] for label in self.known.label.tolist()]
            kinds = {"o": "circles are normal", "^": "triangles anomalies", "D": "diamonds unknown"}
            told = ", ".join(words for shape, words in kinds.items() if shape in shapes)
            words = f"Map of {len(self.xy)} clips, colored by {color}: {told}."
            self._painted = color
            self.scatter.paint(self._groups, legend, self._colors, shapes, words)
        self.scatter.lines = self.known.nearest([picked])[0] if picked >= 0 else []

    def _redraw(self, change=None):
        if self._quiet:
            return
        self._quiet = True  # painting moves what is watched
        try:
            self._follow()
        finally:
            self._quiet = False
        state = self.state
        self.text.value = html.escape(self._readout(state))
        self.table.value = _table(state["table"])
        if state["picked"] != self._pictured:
            self._pictured = state["picked"]
            self.image.value = self._picture(state["picked"])

    def _picture(self, row):
        """Return the log-mel of a clip as HTML, or the reason why there is none."""
        if row < 0:
            return ""
        try:
            figure = self.sounds.log_mel(row, self.known.told(row))
        except (OSError, ValueError, RuntimeError) as error:
            return html.escape(f"{self.known.names[row]} cannot be shown: {error}")
        return picture(figure.png(), figure.alt)

    def _readout(self, state=None):
        state = state or self.state
        words = f"{state['selected']} of {state['clips']} clips selected"
        if state["picked"] < 0:
            return f"{words}; no clip is chosen"
        near = ", ".join(self.known.names[row] for row in state["nearest"]) or (
            "not known, since no embeddings were given" if self.known.unit is None else "none"
        )
        told = self.known.told(state["picked"])
        return f"{words}; {told}; nearest normal clips in D dimensions: {near}"


def _table(table):
    """Return the table of a selection as HTML."""
    return table.to_html(index=False, escape=True, na_rep="-", float_format="{:.3f}".format)
