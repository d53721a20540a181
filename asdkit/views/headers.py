"""A table whose headers are buttons: a press sorts by a column, another turns the order around."""

from pathlib import Path

import anywidget
import traitlets

WAYS = ("falling", "rising")


class Headers(anywidget.AnyWidget):
    """An accessible HTML table, drawn by ``headers.js``; its value is the column that sorts it.

    It is a control as a slider is one: ``value`` such as "auc falling" follows the hand, and
    ``options`` are the values that it takes. ``rows`` and ``told``, its caption, follow the view.

    Shapes: ``columns`` names; ``rows``, a list of as many texts each.
    """

    _esm = Path(__file__).with_name("headers.js")
    columns = traitlets.List(traitlets.Unicode()).tag(sync=True)
    numeric = traitlets.List(traitlets.Bool()).tag(sync=True)
    rows = traitlets.List().tag(sync=True)
    told = traitlets.Unicode("").tag(sync=True)
    value = traitlets.Unicode("").tag(sync=True)

    @property
    def options(self):
        """The values that it takes."""
        return [f"{column} {way}" for column in self.columns for way in WAYS]

    @traitlets.validate("value")
    def _known(self, proposal):
        if proposal["value"] not in self.options:
            raise traitlets.TraitError(f"a table is not sorted by {proposal['value']!r}")
        return proposal["value"]
