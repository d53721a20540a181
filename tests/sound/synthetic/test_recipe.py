"""Recipes that say more: ids that are more or less alike, spectra that drift, places in turn, test
clips that stay; and the built-in sets, which none of it changes.
"""

import copy
import hashlib
import json
import tomllib
from collections import Counter

import numpy as np
import pytest

from asdkit import runtime, sound
from asdkit.sound.synthetic import machines, room, synth
from asdkit.sound.synthetic import recipe as recipes

LARGE = tomllib.loads((runtime.home() / "data" / "large.toml").read_text(encoding="utf-8"))
KNOWN = {  # what the clips of the stored traces were made of
    "borrowed": "3fb0", "large": "9a37", "machines": "9395", "shift": "84b0", "swapped": "4aed",
    "toy": "6e66", "varied": "3fdf",
}  # fmt: skip


def changed(**changes):
    """The recipe of 400 clips, in the layout of 2020, with clips of half a second."""
    return recipes.read(copy.deepcopy(LARGE) | {"seconds": 0.5} | changes)


def places(*noise, states=({"speed": 100, "load": 60}, {"speed": 85, "load": 60})):
    """A domain of these places and states."""
    return {"states": list(states), "mic": 1, "noise": list(noise)}


def digest(recipe):
    """What the sounds of a recipe follow from: its clips, and the parameters of its machines."""
    ids = [(name, section) for name in recipe["machines"] for section in range(recipe["ids"])]
    made = [sound.parameters(*one, recipe["seed"]) for one in ids]
    said = json.dumps([recipe, recipes.plan(recipe, 12), made])
    return hashlib.sha256(said.encode()).hexdigest()[:4]


@pytest.mark.parametrize("name", KNOWN)
def test_the_sets_of_the_stored_traces_are_what_they_were(name):
    assert digest(recipes.read(runtime.built_in()[name])) == KNOWN[name]


def test_a_far_microphone_leaves_the_near_one_as_it_is_to_the_bit():
    far = {"distance": 4, "louder": 6.0}
    for clip in recipes.plan(changed())[::301]:
        mono, facts = synth.clip(changed(), clip)
        both, more = synth.clip(changed(far=far), clip)
        assert both.shape == (len(mono), 2) and np.array_equal(both[:, 0], mono) and facts == more
        assert not np.allclose(both[:, 1], mono, atol=1e-4)


@pytest.mark.parametrize(
    "far, words",
    [
        ({"distance": 4.0}, "far of the recipe lacks louder: add it"),
        (True, "far of the recipe lacks distance, louder"),
        ({"distance": 0.5, "louder": 0}, "has distance = 0.5: give a number from 1 to 30"),
        ({"distance": 4, "louder": -1}, "has louder = -1: give a number from 0 to 30"),
    ],
)
def test_a_far_microphone_that_cannot_be(far, words):
    with pytest.raises(ValueError, match=words):
        changed(far=far)


def test_a_set_of_two_microphones_is_read_by_channel(tmp_path):
    small = changed(far={"distance": 4, "louder": 6.0}, ids=1)
    clips = sound.index(sound.synthesize(tmp_path / "far", small, clips=2)).head(3)
    waves = sound.load(clips, seconds=0.5, channel="all")
    assert waves.shape == (3, 2, 8000)
    with pytest.warns(UserWarning, match="have several channels, of which the first is taken"):
        assert np.array_equal(sound.load(clips, seconds=0.5), waves[:, 0])


def test_a_spread_of_one_is_the_same_sound_to_the_bit():
    clip = recipes.plan(changed())[0]
    waves = [synth.clip(recipe, clip)[0] for recipe in (changed(), changed(spread=1))]
    assert np.array_equal(*waves)
    assert not np.array_equal(waves[0], synth.clip(changed(spread=0.5), clip)[0])


@pytest.mark.parametrize("name", machines.MACHINES)
def test_ids_meet_in_the_middle_of_their_ranges(name):
    span, kinds = machines.MACHINES[name].ranges, {}
    for spread in (0, 0.5, 1):
        kinds[spread] = [sound.parameters(name, section, 1, spread) for section in range(4)]
    assert len(set(kinds[0])) == 1 and len(set(kinds[1])) == 4
    for field, ends in span.items():
        apart, half, drawn = (
            np.array([np.ravel(getattr(kind, field)) for kind in kinds[spread]])
            for spread in (0, 0.5, 1)
        )
        middle = np.mean(np.reshape(ends, (-1, 2)), axis=1)
        slack = 0.5 if isinstance(ends[0], int) else 1e-9  # a number of blades is whole
        np.testing.assert_allclose(apart, np.broadcast_to(middle, apart.shape), atol=slack)
        np.testing.assert_allclose(half, (drawn + middle) / 2, atol=slack)


def test_spectra_drift_by_as_much_as_the_recipe_says():
    drift, octaves, chance = 4.5, 62.5 * 2.0 ** np.arange(8), np.random.default_rng(0)
    noise = np.random.default_rng(1).standard_normal(16000).astype(np.float32)
    before = np.abs(np.fft.rfft(noise))
    waves = [room.drifted(noise, drift, chance, 16000) for _ in range(200)]
    np.testing.assert_allclose([np.sqrt(np.mean(wave**2)) for wave in waves], 1, rtol=1e-5)
    gains = 20 * np.log10(np.abs(np.fft.rfft(waves)) / before)[:, octaves.round().astype(int)]
    steps = np.diff(gains[:, 1:], axis=1)  # the level that all knots share was taken out
    np.testing.assert_allclose(steps.std(axis=0), drift * np.sqrt(2), rtol=0.2)


def test_without_drift_the_sound_is_the_same_to_the_bit():
    one, two = recipes.plan(changed())[:2]
    same, plain, moved = (synth.clip(recipe, one)[0] for recipe in (
        changed(drift=0.0), changed(), changed(drift=4.5)
    ))  # fmt: skip
    assert np.array_equal(same, plain) and not np.array_equal(same, moved)
    ratios = [
        np.log(np.abs(np.fft.rfft(synth.clip(changed(drift=4.5), clip)[0])[1:])
               / np.abs(np.fft.rfft(synth.clip(changed(), clip)[0])[1:]))
        for clip in (one, two)
    ]  # fmt: skip
    assert np.abs(ratios[0] - ratios[1]).mean() > 0.1  # another way in each clip


def test_clips_take_all_pairs_of_state_and_place():
    domains = {"source": places(0, 6, "babble"), "target": places(0)}
    clips = recipes.plan(changed(domains=domains, train={"source": 12, "target": 0}))
    pairs = Counter(
        (clip.speed, clip.noise)
        for clip in clips
        if clip.split == "train" and (clip.machine, clip.section) == ("fan", 0)
    )
    assert pairs == {(speed, place): 2 for speed in (100, 85) for place in (0, 6, "babble")}
    clip = next(clip for clip in clips if clip.noise == 6)
    one = [synth.clip(changed(domains=domains), clip._replace(noise=place))[0] for place in (6, 0)]
    assert not np.array_equal(*one)


def test_test_clips_stay_where_the_recipe_says_so():
    def tested(recipe, clips):
        return [clip for clip in recipes.plan(recipe, clips) if clip.split == "test"]

    whole = tested(changed(), 400)
    assert whole == tested(changed(), 12) == tested(changed(), 500)
    kinds = Counter((clip.machine, clip.section, clip.label) for clip in whole)
    assert set(kinds.values()) == {25} and len(kinds) == 4 * 3 * 2
    scaled = changed(test={"source": 25, "target": 0})
    assert len(tested(scaled, 12)) < len(tested(scaled, 400)) == len(whole)


def test_the_varied_set_is_the_large_one_with_a_drift():
    varied = recipes.read(runtime.built_in()["varied"])
    assert varied == recipes.read(LARGE) | {"drift": varied["drift"]} and varied["drift"] > 0


def test_the_large_set_begins_with_the_machines_of_the_toy_set():
    toy = recipes.read(runtime.built_in()["toy"])
    assert set(LARGE["machines"]) == set(toy["machines"]) and LARGE["seed"] == toy["seed"]
    assert LARGE["domains"]["source"] == toy["domains"]["source"]
    train = [clip for clip in recipes.plan(recipes.read(LARGE)) if clip.split == "train"]
    assert set(Counter((clip.machine, clip.section) for clip in train).values()) == {400}
    assert {clip.path.split("/")[2][:12] for clip in train} == {f"normal_id_0{k}" for k in range(3)}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"spread": 1.5}, "spread = 1.5: give a number from 0 to 1"),
        ({"spread": True}, "spread = True"),
        ({"drift": -1}, "drift = -1: give a number from 0 to 20"),
        ({"test": {"source": 4, "target": 0, "fixed": 1}}, "fixed = 1: give true or false"),
        ({"domains": {"source": places(), "target": places(0)}}, r"noise = \[\].*several"),
        ({"domains": {"source": places(0, 100), "target": places(0)}}, "noise = 100"),
        ({"domains": {"source": places(0, "street"), "target": places(0)}}, "noise = street"),
    ],
)
def test_what_cannot_be_is_told(change, told):
    with pytest.raises(ValueError, match=told):
        changed(**change)
