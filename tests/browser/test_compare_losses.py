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

    press("auc", "Enter")  # it was falling
    values, way = column("auc")
    rising = [float(value) for value in values if value]
    assert way == "ascending" and rising == sorted(rising) and len(rising) > 5
    press("system", "Space")
    names, way = column("system")
    assert way == "ascending" and names == sorted(names, key=str.lower)
    assert column("auc")[1] == "none"
    of_any_data = view.box.get_by_role("button", name="all", exact=True).last
    view.after(lambda: of_any_data.press("Space"))  # not toy alone
    view.after(lambda: view.box.locator("input[type=text]").fill("nam noisy"))
    assert {*column("system")[0]} == {"noisy_arcmix"} and "published" in column("source")[0]
    assert table.locator("caption").inner_text() in view.words
