"""Use of sub-clusters against a count by hand."""

import numpy as np
import pytest

from asdkit.figures import cluster_counts, cluster_use

RNG = np.random.default_rng(0)
COSINE, Y = RNG.uniform(-1, 1, (50, 3, 4)), np.repeat([0, 1, 2], [30, 20, 0])


def test_each_clip_counts_once_for_the_nearest_of_its_own_class():
    expected = np.zeros((3, 4), dtype=int)
    for table, own in zip(COSINE, Y):
        expected[own, list(table[own]).index(max(table[own]))] += 1
    assert np.array_equal(cluster_counts(COSINE, Y), expected)


def test_rows_are_shares_from_the_busiest_down():
    figure = cluster_use(COSINE, Y, names=["fan", "pump", "valve"])
    ax = figure.axes[0]
    drawn = ax.images[0].get_array()
    counts = cluster_counts(COSINE, Y)
    for row, own, clips in zip(drawn, counts, (30, 20, 1)):
        shares = sorted((count / clips for count in own if count), reverse=True)
        assert row.compressed().tolist() == pytest.approx(shares)
    assert ax.images[0].get_clim() == (0, 1)
    assert f"n = 50 clips): {np.sum(counts > 0)} of 12 are nearest" in ax.get_title()
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["fan", "pump", "valve"]
    assert (
        len(figure.png()) < 60_000 and figure.get_size_inches()[0] == 8 and "busiest" in figure.alt
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((COSINE[:, :, 0], Y), r"give finite ones \(clips, classes, sub-clusters\)"),
        ((np.full_like(COSINE, np.nan), Y), "give finite ones"),
        ((COSINE, Y[1:]), "49 labels for 50 clips"),
        ((COSINE, Y + 2), "an index a clip"),
        ((COSINE, Y - 1), "an index a clip"),
        ((COSINE, Y, ["fan"]), "1 names for 3 classes"),
    ],
)
def test_what_cannot_be_counted(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        cluster_use(*arguments)
