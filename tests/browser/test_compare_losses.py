"""Lesson 13 in a real browser: headers sort by key, buttons and words filter."""

import pytest

pytestmark = pytest.mark.browser


def test_it_is_shown_and_the_table_is_sorted_and_filtered_by_key(opened):
    view = opened("13_compare_losses", "All systems", seconds=240)
    table = view.box.locator(".asdkit-table")

    def column(name):
        """The texts of a column, and how its header says it is sorted."""
        heads = table.locator("thead th").all_inner_texts()
        at = [head.split(" ")[0] for head in heads].index(name)
        cells = [row.locator("th, td").nth(at) for row in table.locator("tbody tr").all()]
        sort = table.locator("thead th").nth(at).get_attribute("aria-sort")
        return [cell.inner_text() for cell in cells], sort

    def press(name, key):
        view.after(lambda: table.get_by_role("button", name=name).press(key))

    view.after(lambda: view.box.locator("input[type=text]").fill(""))
    press("auc", "Enter")  # the driver cell has left it rising
    values, way = column("auc")
    falling = [float(value) for value in values if value]
    assert way == "descending" and falling == sorted(falling, reverse=True) and len(falling) > 5
    press("system", "Space")
    names, way = column("system")
    assert way == "ascending" and names == sorted(names, key=str.lower)
    assert column("auc")[1] == "none"
    view.after(lambda: view.box.locator("input[type=text]").fill("nam noisy"))
    assert {*column("system")[0]} == {"noisy_arcmix"} and "published" in column("source")[0]
    assert table.locator("caption").inner_text() in view.words
