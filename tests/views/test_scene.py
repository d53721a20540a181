"""Scenes: what is known of one moment, which clips moved, and what does not fit together."""

import numpy as np
import pandas as pd
import pytest

from asdkit import projection, views

RNG = np.random.default_rng(0)
N = 60
LABEL = (np.arange(N) % 4 == 0).astype(int)
XS = {epoch: RNG.normal(size=(N, 6)) + epoch * np.eye(6)[np.arange(N) % 6] for epoch in (0, 5, 20)}
SCORES = {epoch: RNG.normal(size=N) + 2 * LABEL for epoch in XS}
MAPS = projection.pca_epochs(XS, k=5)


def scene(epoch, **changes):
    own = {
        "map": MAPS[epoch], "x": XS[epoch], "score": SCORES[epoch],
        "angle": RNG.uniform(0.1, 1.5, size=N), "cluster": np.arange(N) % 14,
    }  # fmt: skip
    return views.Scene(**own | changes)


def table(**columns):
    own = {"name": [f"clip {row}" for row in range(N)], "label": LABEL}
    return pd.DataFrame(own | columns)


@pytest.fixture
def view():
    scenes = {
        "AdaCos": {epoch: scene(epoch) for epoch in XS},
        "AdaProj": {0: scene(0, cluster=None), 4: scene(5, cluster=None)},
    }
    return views.MapExplorer.from_scenes(scenes, table())


def test_an_epoch_has_its_own_places_scores_neighbors_and_movers(view):
    state = view.set(epoch=20, picked=3, color="score").state
    assert (state["loss"], state["epoch"]) == ("AdaCos", 20)
    assert (state["losses"], state["epochs"]) == (["AdaCos", "AdaProj"], [0, 5, 20])
    np.testing.assert_allclose(view.to_frame()[["x", "y"]], MAPS[20].xy, rtol=1e-6)
    np.testing.assert_allclose(view.to_frame()["score"], SCORES[20])
    normal = np.flatnonzero((LABEL == 0) & (np.arange(N) != 3))
    cosine = XS[20] @ XS[20][3] / np.linalg.norm(XS[20], axis=1)
    assert state["nearest"] == normal[np.argsort(-cosine[normal])[:5]].tolist()
    steps = projection.steps(MAPS[5], MAPS[20])
    assert state["moved"] == [f"clip {row}" for row in np.argsort(-steps)[:5]]
    assert state["changed"] == pytest.approx(projection.changed(MAPS[5], MAPS[20]).mean())
    middle = f"{np.median(SCORES[20]):.3g}"
    assert state["groups"] == [f"score below {middle}", f"score at least {middle}"]
    assert "AdaCos, epoch 20: 0 of 60" in view.text.value and "clip 3: normal" in view.text.value
    assert "AdaCos, epoch 20, colored by score, n = 60 clips" in view.figure().alt
    first = view.set(epoch=0).state
    assert first["moved"] == [] and first["changed"] is None


def test_another_loss_keeps_what_is_chosen_and_takes_the_nearest_epoch(view):
    state = view.set(epoch=5, picked=3, selected=[1, 2], rings=True).set(loss="AdaProj").state
    assert (state["epoch"], state["picked"], state["selected"]) == (4, 3, 2)
    assert state["rings"] and "neighbors lost" in view.figure().alt
    assert view.set(color="sub-cluster").state["groups"] == ["not known"]
    assert view.set(loss="AdaCos", epoch=20).state["groups"][-1] == "all others"
    for values, told in [
        ({"epoch": 4}, "epoch cannot be 4: give one of 0, 5, 20"),
        ({"loss": "ArcFace", "picked": 1}, "loss cannot be 'ArcFace': give one of AdaCos, AdaProj"),
        ({"loss": "AdaProj", "epoch": 0, "picked": N}, "a row from 0 to 59"),
    ]:
        with pytest.raises(ValueError, match=told):
            view.set(**values)
        assert (view.state["loss"], view.state["epoch"], view.state["picked"]) == ("AdaCos", 20, 3)


def test_what_travels_to_the_page_is_what_the_scenes_say(view):
    view.set(loss="AdaProj", epoch=4, color="angle")
    scatter = view.scatter
    at = scatter.scene
    assert at == 4 and scatter.looks[scatter.color]["name"] == "angle"
    places = np.frombuffer(scatter.points, "<f4").reshape(5, N, 2)
    np.testing.assert_allclose(places[at], MAPS[5].xy, rtol=1e-6)
    kept = np.frombuffer(scatter.kept, np.uint8).reshape(5, N)
    np.testing.assert_allclose(kept[at] / 100, MAPS[5].agreement, atol=0.005)
    changes = np.frombuffer(scatter.changes, np.uint8).reshape(5, N)
    assert (changes[[0, 3]] == 255).all()
    expected = projection.changed(MAPS[5], MAPS[20])
    np.testing.assert_allclose(changes[2] / 100, expected, atol=0.005)
    numbers = np.frombuffer(scatter.scores, "<f4").reshape(5, N)
    np.testing.assert_allclose(numbers[at], SCORES[5], rtol=1e-6)
    assert scatter.scenes[at]["threshold"] == pytest.approx(np.median(SCORES[5]))
    assert scatter.scenes[at]["bound"] == "median"
    assert scatter.looks[1]["words"].endswith(" Gray: near the median.")
    given = views.MapExplorer(MAPS[0], table(), score=SCORES[0], threshold=0.7).scatter
    assert given.scenes[0]["bound"] == "threshold"


def test_hidden_groups_stay_over_epochs_and_not_over_colors(view):
    view.set(color="label", hidden=["anomaly"]).set(epoch=20)
    assert view.state["hidden"] == ["anomaly"]
    assert view.set(color="angle").state["hidden"] == []
    view.set(hidden=[view.state["groups"][0]]).set(epoch=0)
    assert view.state["hidden"] == []  # its groups are others now


def test_named_properties_are_colors():
    told = np.where(np.arange(N) % 2, "speed_9_load_1_mic_1", "speed_10_load_1_mic_2")
    told = [*told[:-3], "noAttribute", "", None]
    clips = table(attributes=told, machine=["fan", "pump"] * 30, section="00", domain="source")
    view = views.MapExplorer(MAPS[0], clips)
    names = [look["name"] for look in view.scatter.looks]
    assert names == ["section", "class", "machine", "domain", "label", "speed", "mic"]
    assert view.set(color="speed").state["groups"] == ["speed 9", "speed 10", "not told"]
    assert view.scatter.group.tolist() == [1, 0] * 28 + [1, 2, 2, 2]


@pytest.mark.parametrize(
    ("scenes", "told"),
    [
        ({}, "there is no scene"),
        ({"AdaCos": {"last": scene(0)}}, r"AdaCos has epochs \['last'\]: pass numbers"),
        ({"AdaCos": {0: MAPS[0]}}, "AdaCos, epoch 0 is of type Map: pass a views.Scene"),
        ({0: scene(0), 5: scene(5, score=np.full(N, np.nan))}, "^epoch 5: score is nan"),
        ({"A": {0: scene(0), 5: scene(5, map=MAPS[5].xy[:9])}}, "A, epoch 5: .* 9 places for 60"),
        ({"A": {0: scene(0, map=np.full((N, 2), np.inf))}}, "A, epoch 0: xy is inf"),
        ({"A": {0: scene(0, cluster=[1, 2])}}, "A, epoch 0: there are 2 sub-clusters"),
    ],
)
def test_scenes_that_do_not_fit_are_named(scenes, told):
    with pytest.raises(ValueError, match=told):
        views.MapExplorer.from_scenes(scenes, table())


def test_names_that_repeat_have_machine_and_section_before_them():
    def named(**columns):
        return views.MapExplorer(MAPS[0], table(**columns)).known.names

    names = [f"{row // 2}.wav" for row in range(N)]
    machines = dict(name=names, machine=["fan", "pump"] * 30)
    assert named(**machines)[:3] == ["fan 0.wav", "pump 0.wav", "fan 1.wav"]
    sections = named(name=names, machine="fan", section=["00", "02"] * 30)
    assert sections[:2] == ["fan/00 0.wav", "fan/02 0.wav"] and len(set(sections)) == N
    assert named(name=["a"] * N, machine="fan") == ["a"] * N  # it would tell nothing apart
    assert named(machine="fan")[7] == "clip 7"


def test_names_that_a_spreadsheet_would_run_are_saved_as_words():
    name = '=HYPERLINK("http://x.example")'
    view = views.MapExplorer(MAPS[0], table(name=[name] * N), x=XS[0])
    saved = view.set(selected=[2]).csv()
    assert saved.count(f"'{name}".replace('"', '""')) == 2  # its own, and that of its neighbors
    assert '"=' not in saved and view.to_frame()["name"][2] == name
