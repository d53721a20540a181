"""The explorer: what a hand does in the browser, driven from here."""

import io

import numpy as np
import pandas as pd
import pytest
import sklearn.metrics
import sklearn.neighbors
import soundfile
from matplotlib.path import Path as Polygon

from asdkit import projection, views

RNG = np.random.default_rng(0)
N = 120
X = RNG.normal(size=(N, 6))
XY = X[:, :2] * [2, 1]
LABEL = (np.arange(N) % 4 == 0).astype(int)
SCORE = RNG.normal(size=N) + LABEL
SECTIONS = np.where(np.arange(N) < 70, "00", "02")
WAVES = 0.1 * RNG.normal(size=(N, 8000)).astype(np.float32)


def table():
    return pd.DataFrame(
        {
            "name": [f"clip {row}" for row in range(N)],
            "machine": "fan",
            "section": SECTIONS,
            "domain": np.where(np.arange(N) % 3, "source", "target"),
            "split": np.where(np.arange(N) % 2, "train", "test"),
            "label": LABEL,
        }
    )


@pytest.fixture
def view():
    return views.MapExplorer(XY, table(), score=SCORE, audio=list(WAVES), x=X, seconds=0.5)


def test_it_starts_with_nothing_selected(view):
    state = view.state
    assert (state["color"], state["groups"]) == ("section", ["fan/00", "fan/02"])
    assert (state["clips"], state["selected"], state["picked"], state["nearest"]) == (N, 0, -1, [])
    assert view.text.value == f"0 of {N} clips selected; no clip is chosen"
    told = "colored by section: circles are normal, triangles anomalies."
    assert view.scatter.looks[0]["words"] == f"Map of {N} clips, {told}"
    colors = [look["name"] for look in view.scatter.looks]
    assert colors == ["section", "domain", "label", "score"]


def test_a_lasso_counts_what_it_holds(view):
    corners = [[-3, -1], [2, -1.5], [2, 2], [-1, 0.5]]
    inside = Polygon(corners).contains_points(XY)
    assert view.lasso(corners) is view
    table = view.state["table"].set_index("group")
    for group, own in (("fan/00", SECTIONS == "00"), ("fan/02", SECTIONS == "02"), ("all", True)):
        row, held = table.loc[group], inside & own
        assert row["selected"] == held.sum() > 3 and row["anomalies"] == LABEL[held].sum()
        assert row["normal"] == (LABEL[held] == 0).sum()
        assert row["mean_score"] == pytest.approx(SCORE[held].mean())
        area = sklearn.metrics.roc_auc_score(LABEL[held], SCORE[held])
        assert row["auc"] == pytest.approx(area)
    assert f"{inside.sum()} of {N} clips selected" in view.text.value
    assert f"<td>{inside.sum()}</td>" in view.table.value


def test_a_selection_of_one_kind_has_no_auc(view):
    view.set(selected=np.flatnonzero(LABEL == 0))
    last = view.state["table"].iloc[-1]
    assert np.isnan(last["auc"]) and last["anomalies"] == 0
    assert view.table.value.count("<td>-</td>") == 3


def test_lines_lead_to_the_nearest_normal_training_clips(view):
    normal = np.flatnonzero((LABEL == 0) & (np.arange(N) % 2 == 1))
    search = sklearn.neighbors.NearestNeighbors(n_neighbors=6, metric="cosine").fit(X[normal])
    for row in (0, int(normal[3])):  # a test clip, and a training clip, which is not its own
        near = normal[search.kneighbors(X[[row]])[1][0]]
        expected = near[near != row][:5].tolist()
        assert view.set(picked=row).state["nearest"] == expected
        assert all(f"clip {other}" in view.text.value for other in expected)
        assert view.scatter.lines == expected
    assert view.set(picked=-1).state["nearest"] == []


def test_a_picked_clip_is_seen_and_heard(view):
    view.set(picked=8)
    assert 'alt="clip 8: anomaly, score' in view.image.value
    wave, rate = soundfile.read(io.BytesIO(view.sounds.ogg(8)))
    assert rate == 16000 and len(wave) == 8000
    expected = WAVES[8] / np.abs(WAVES[8]).max() * 0.85
    assert np.corrcoef(wave, expected)[0, 1] > 0.9  # Vorbis keeps noise only roughly
    assert view.set(picked=-1).image.value == ""


def test_colors_say_what_is_asked(view):
    normal, anomaly = (0, 114, 178), (213, 94, 0)
    colors = {}
    for color in ("label", "score", "domain"):
        view.set(color=color)
        colors[color] = view.scatter.shade
        assert view.state["color"] == color
    assert (colors["label"][LABEL == 0] == normal).all()
    assert (colors["label"][LABEL == 1] == anomaly).all()
    middle = np.median(SCORE)
    warm = colors["score"][:, 0].astype(int) - colors["score"][:, 2]
    assert np.corrcoef(warm, SCORE)[0, 1] > 0.95 and (warm[middle < SCORE] >= 0).all()
    assert [group["name"] for group in view.scatter.legend] == ["source", "target"]
    assert bytes(view.scatter.shapes) == b"".join(b"^" if label else b"o" for label in LABEL)


def test_a_color_of_its_own_shows_hidden_groups_again(view):
    view.set(hidden=["fan/00"], selected=range(70, 90))
    assert view.state["hidden"] == ["fan/00"] and view.state["selected"] == 20
    assert view.set(color="label").state["hidden"] == []
    assert view.state["selected"] == 20


def test_a_hand_moves_it_too(view):
    view.scatter.selected = [1, 2, 3]  # as a browser sends it
    assert f"3 of {N} clips selected" in view.text.value
    view.scatter.picked = 5
    assert view.state["name"] == "clip 5" and "clip 5: normal" in view.image.value
    view.scatter.color = 3
    assert view.state["groups"][0].startswith("score below")


def test_the_static_picture_shows_selection_and_groups(view):
    view.set(selected=range(10), picked=3)
    figure = view.figure()
    assert f"colored by section, n = {N} clips" in figure.alt
    assert "fan/00 (10 of 70)" in figure.alt and "fan/02 (0 of 50)" in figure.alt
    assert len(figure.axes[0].lines) == 6  # five lines to neighbors and the ring


def test_the_table_of_all_clips_and_of_the_selection(view):
    view.set(selected=[4, 9])
    frame = view.to_frame()
    np.testing.assert_allclose(frame[["x", "y"]], XY)
    np.testing.assert_allclose(frame["score"], SCORE)
    assert frame["label"].tolist() == LABEL.tolist() and frame["path"].isna().all()
    assert frame.index[frame["selected"]].tolist() == [4, 9]
    near = "; ".join(f"clip {row}" for row in view.set(picked=9).state["nearest"])
    assert frame["neighbors"][9] == near
    saved = pd.read_csv(io.StringIO(view.csv()), index_col="row")
    assert saved.index.tolist() == [4, 9] and saved["neighbors"][9] == near
    np.testing.assert_allclose(saved["score"], SCORE[[4, 9]])


def test_arrays_alone_are_enough():
    view = views.MapExplorer.from_arrays(X)
    np.testing.assert_allclose(view.scatter.xy, projection.pca_map(X).xy, rtol=1e-6)
    assert view.state["color"] == "label" and view.state["groups"] == ["unknown"]
    assert view.set(picked=2).state["name"] == "clip 2"
    assert "clip 2 cannot be shown: the clip has no audio" in view.image.value
    assert view.state["nearest"] == [] and view.to_frame()["label"].isna().all()


def test_a_dict_of_file_names_is_enough(tmp_path):
    paths = [tmp_path / f"{row}.wav" for row in range(12)]
    soundfile.write(paths[0], WAVES[0].repeat(4), 16000)
    view = views.MapExplorer.from_arrays(dict(zip(paths, X)), label=LABEL[:12])
    assert view.state["groups"] == ["normal", "anomaly"]
    assert soundfile.info(io.BytesIO(view.sounds.ogg(0))).duration == pytest.approx(2, abs=0.01)
    assert f'alt="{paths[0]}' in view.set(picked=0).image.value
    assert "its file is not there" in view.set(picked=1).image.value
    with pytest.raises(ValueError, match="its file is not there"):
        view.sounds.ogg(1)


def test_names_with_html_in_them_are_shown_as_text():
    name = "<b onclick=x>$fan$ & co</b>"
    view = views.MapExplorer(
        XY, table().assign(name=name, machine="<i>"), x=X, audio=list(WAVES), seconds=0.5
    )
    view.set(picked=1, selected=[1, 2])
    for text in (view.text.value, view.table.value, view.image.value):
        assert "<b" not in text.replace("<body", "") and "<i>" not in text
    assert "&lt;b onclick" in view.text.value and "&lt;i&gt;/00" in view.table.value


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"score": SCORE[:-1]}, "there are 119 scores for 120 clips: pass one a clip"),
        ({"label": LABEL[:5]}, "there are 5 labels for 120 clips"),
        ({"label": LABEL + 1}, "a label is 0 .normal., 1 .anomaly., or missing"),
        ({"audio": [None]}, "there are 1 sounds for 120 clips"),
        ({"x": X[:7]}, "there are 7 embeddings for 120 clips"),
        ({"x": np.full((N, 3), np.nan)}, "x is nan"),
        ({"score": np.full(N, np.nan)}, "score is nan"),
        ({"map": XY[:9]}, "there are 9 places for 120 clips"),
    ],
)
def test_what_does_not_fit_is_refused(choices, told):
    with pytest.raises(ValueError, match=told):
        views.MapExplorer(**{"map": XY, "clips": table()} | choices)


def test_what_cannot_be_chosen_moves_nothing(view):
    view.set(picked=2, selected=[3])
    before = view.text.value, view.table.value, view.image.value
    for values, told in [
        ({"color": "loss"}, "color cannot be 'loss': give one of section, domain, label, score"),
        ({"picked": N}, f"a row from 0 to {N - 1}"),
        ({"selected": [0, N], "color": "label"}, f"rows from 0 to {N - 1}"),
        ({"hidden": ["fan/07"]}, "no group is called 'fan/07'"),
    ]:
        with pytest.raises(ValueError, match=told):
            view.set(**values)
        assert (view.text.value, view.table.value, view.image.value) == before


def test_a_cell_shows_the_widget_and_a_page_its_numbers(view):
    bundle = view._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert f"0 of {N} clips selected" in bundle["text/plain"]
