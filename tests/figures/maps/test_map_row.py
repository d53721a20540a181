"""Maps side by side: a panel each with its own numbers, and one legend for all."""

from dataclasses import replace

import numpy as np
import pytest

from asdkit import figures


def test_each_panel_has_its_own_points_and_numbers(made, noise, group, label):
    figure = figures.map_row({"clips": made, "noise": noise}, group, label, title="A control")
    for ax, name, own in zip(figure.axes, ("clips", "noise"), (made, noise)):
        drawn = np.concatenate([line.get_xydata() for line in ax.lines[:-1]])
        assert sorted(map(tuple, drawn)) == sorted(map(tuple, own.xy))
        rings = ax.lines[-1].get_xydata()
        np.testing.assert_array_equal(rings, own.xy[own.trust < 0.75])
        agree, trust = own.overall["agreement"], own.overall["trustworthiness"]
        assert ax.get_title() == (
            f"{name}\n{100 * agree:.0f}% of 10 neighbors\nagree (chance 16.9%)\n"
            f"trustworthiness {trust:.2f}"
        )
        assert ax.get_xlabel() == "PCA 1 (no unit)"
    assert figure.get_suptitle() == "A control (n = 60)"
    poor = [str((own.trust < 0.75).sum()) for own in (made, noise)]
    told = [text.get_text() for text in figure.legends[0].get_texts()]
    assert told[:2] == ["fan, n = 24", "pump, n = 16"]
    assert told[-1] == f"trustworthiness below 0.75, n = {', '.join(poor)}"
    assert len(figure.png()) < 60_000


def test_a_question_has_points_and_names_alone(made, noise, group):
    figure = figures.map_row({"A": made, "B": noise}, group, told=False)
    assert [ax.get_title() for ax in figure.axes] == ["A", "B"] and not figure.legends
    for ax, own in zip(figure.axes, (made, noise)):
        assert sum(len(line.get_xydata()) for line in ax.lines) == len(own)  # no rings


def test_panels_share_a_frame_only_where_they_were_turned_onto_each_other(made):
    far = replace(made, xy=made.xy * 3.0 + 20.0)
    for one_frame in (True, False):
        figure = figures.map_row({"epoch 1": made, "epoch 2": far}, one_frame=one_frame)
        figure.png()
        frames = [(*ax.get_xlim(), *ax.get_ylim()) for ax in figure.axes]
        assert np.allclose(*frames) == one_frame
        for ax, own in zip(figure.axes, (made, far)):
            (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
            assert right - left == pytest.approx(high - low)
            assert left < own.xy[:, 0].min() and own.xy[:, 0].max() < right
            assert low < own.xy[:, 1].min() and own.xy[:, 1].max() < high


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_a_row_has_up_to_four_below_its_title(made, group, label, count):
    figure = figures.map_row({f"seed {number}": made for number in range(count)}, group, label)
    assert len(figure.axes) == count and figure.get_size_inches()[0] == 8
    figure.png()
    title = figure._suptitle.get_window_extent()
    legend = figure.legends[0].get_window_extent()
    for ax in figure.axes:
        assert ax.title.get_window_extent().y1 < title.y0
        assert ax.xaxis.label.get_window_extent().y0 > legend.y1


def test_what_is_refused(made):
    with pytest.raises(ValueError, match="0 maps were given: a row has from 1 to 4"):
        figures.map_row({})
    with pytest.raises(ValueError, match="5 maps"):
        figures.map_row({str(number): made for number in range(5)})
    with pytest.raises(ValueError, match="groups"):
        figures.map_row({"clips": made}, ["fan"])
