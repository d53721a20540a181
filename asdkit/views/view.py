"""What all views share: controls by name, a line of words, and a picture that follow."""

import html
import math
from contextlib import contextmanager
from numbers import Real

import ipywidgets

from ..figures.alt import picture
from ..plain import sendable, shown
from .names import Names

WIDE = {"width": "95%"}
NAMED = {"description_width": "7em"}
FEW = 10


class View:
    """Controls, a line of words and a picture, redrawn once by whatever moves a control.

    A view adds ``state``, a dict of what is shown, ``figure()``, the picture of it, and
    ``_readout()``, the words. What else must follow the controls before that, it does in
    ``_follow``.

    Choices: the picture is an ``HTML`` widget, since an ``Image`` widget cannot carry an
        alternative text. It is drawn after the words, so what the words say stands when a picture
        has changed. Nothing is drawn before a cell shows the view: a loop over ``set`` costs what
        ``state`` costs. Axes stay where the picture before had them as long as labels fit: a layout
        takes as long as a picture.
    Notebook: 00_start_here
    """

    def __init__(self, controls, start=None, below=()):
        self.controls = controls
        for name, control in controls.items():
            if not (name in vars(self) or hasattr(type(self), name)):  # as a column may be called
                setattr(self, name, control)
            control.observe(self._redraw, names="value")
        self.text, self._image = ipywidgets.HTML(), ipywidgets.HTML()
        self.text.add_class("asdkit-words")
        unseen = Names(layout={"display": "none"})
        self._box = ipywidgets.VBox([*controls.values(), self.text, *below, self._image, unseen])
        self._quiet, self._seen, self._drawn = False, False, None
        View.set(self, **(start or {}))

    def set(self, **values):
        """Move controls by name as a hand would; a control that is not given, or None, stays.

        Raises: ValueError for a control that is not there, or a value that it does not offer;
            nothing moves then.
        """
        steps = {
            name: self._step(name, value) for name, value in values.items() if value is not None
        }
        with self._one_redraw():
            for name, step in steps.items():
                self.controls[name].value = step
        return self

    def _step(self, name, value):
        """Return the step of a control that a value names; 0.1 + 0.2 names 0.3."""
        if name not in self.controls:
            raise ValueError(f"there is no control {name!r}: set one of {', '.join(self.controls)}")
        steps = _steps(self.controls[name])
        for step in steps:
            if (
                step == value
                or _number(step)
                and _number(value)
                and math.isclose(step, value, abs_tol=1e-9)
            ):
                return step
        offered = steps if len(steps) <= FEW else (*steps[:2], "...", steps[-1])
        raise ValueError(f"{name} cannot be {value!r}: give one of {', '.join(map(str, offered))}")

    @contextmanager
    def _one_redraw(self):
        """Keep the callbacks of several controls quiet until the last of them has moved."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before
            self._redraw()

    def _redraw(self, change=None):
        if self._quiet:
            return
        self._follow()
        self.text.value = html.escape(shown(self._readout()))
        if self._seen:
            self._draw()

    def _draw(self):
        figure = self.figure()
        self._image.value = picture(figure.png(like=self._drawn), figure.alt)
        self._drawn = figure

    @property
    def image(self):
        """The widget of the picture, drawn since somebody looked."""
        return self._looked_at(self._image)

    @property
    def box(self):
        """The widget of the whole view, its picture drawn."""
        return self._looked_at(self._box)

    def _looked_at(self, widget):
        if not self._seen:
            self._draw()
            self._seen = True
        return widget

    def _follow(self):
        """Do what else follows the controls."""

    def __repr__(self):
        return shown(f"<{type(self).__name__}: {self._readout()}>")

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.box._repr_mimebundle_() | {"text/plain": repr(self)}


def whole(name, steps, value, tooltip, live=True):
    """Make a slider over the whole numbers of a range; without ``live`` it waits until the hand
    lets go.
    """
    return ipywidgets.IntSlider(
        value, min=steps[0], max=steps[-1], step=steps.step, description=name, tooltip=tooltip,
        continuous_update=live, layout=WIDE, style=NAMED,
    )  # fmt: skip


def among(name, options, value, tooltip, live=False):
    """Make a slider over given values, or over pairs of a label and a value.

    A slider of floats would not do: a page rounds what it holds on its own, and moves it by doing
    so.
    """
    return ipywidgets.SelectionSlider(
        options=options, value=value, description=name, tooltip=tooltip, continuous_update=live,
        layout=WIDE, style=NAMED,
    )  # fmt: skip


def buttons(name, values, value, tooltip):
    """Make a row of buttons, one of them down.

    A menu would not do: in JupyterLab its arrow keys move the notebook on to the next cell.
    """
    return ipywidgets.ToggleButtons(
        options=_labeled(list(values)), value=value, tooltip=tooltip, **_described(name),
        style=NAMED | {"button_width": "auto"},
    )  # fmt: skip


def _described(name):
    """Return a description that is read as it is: in code JupyterLab looks for no formula."""
    if "$" not in name and "\\" not in name:
        return {"description": name}
    words = f"<code>{html.escape(name)}</code>"
    return {"description": words, "description_allow_html": True}


def _labeled(values):
    """Return values, with words beside them where one of them cannot be sent to a page."""
    words = [sendable(own) for own in values]
    return values if words == [*map(str, values)] else list(zip(words, values))


def tick(words, tooltip):
    """Make a box to tick, not ticked, with its words beside it."""
    return ipywidgets.Checkbox(False, description=words, tooltip=tooltip, indent=False)


def _steps(control):
    """Return the values that a control offers."""
    if hasattr(control, "options"):
        return [option[1] if isinstance(option, tuple) else option for option in control.options]
    if hasattr(control, "min"):
        return range(control.min, control.max + 1, control.step)
    return [False, True]


def _number(value):
    return isinstance(value, Real) and not isinstance(value, bool)
