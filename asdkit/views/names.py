"""What a screen reader needs to know of the controls of a view, and ipywidgets does not say."""

from pathlib import Path

import anywidget


class Names(anywidget.AnyWidget):
    """Name the controls of the box that it lies in; nothing of it is seen.

    ``names.js`` gives sliders their names, their values in words and their tooltips, tells which
    button of a row is down, and lets the words of the view be read when they change.
    """

    _esm = Path(__file__).with_name("names.js")
