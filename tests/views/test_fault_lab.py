"""A fault that grows under the hand: what a hand does in the browser, driven from here."""

import pytest
import torch

from asdkit import features, sound, views
from asdkit.figures import fault_state


@pytest.fixture
def view():
    return views.FaultView("fan", fault="worn_bearing", strength=0.5, seconds=1.0)


def log_mels(machine, fault, strength, snr):
    waves = [
        sound.simulate(machine, 0, fault=fault, strength=s, snr=snr, seconds=1.0, seed=0)
        for s in (0.0, strength)
    ]
    return features.LogMel()(torch.stack(waves))


def test_it_shows_the_fault_it_names(view):
    assert view.state == {
        "machine": "fan", "fault": "worn_bearing", "strength": 0.5, "snr": 20.0,
        **fault_state(*log_mels("fan", "worn_bearing", 0.5, 20.0)),
    }  # fmt: skip
    assert "worn_bearing, strength 0.5" in view.figure().axes[1].get_title()


def test_set_moves_state_picture_text_and_sounds(view):
    before = view.image.value, view.text.value, view.players.value
    assert view.set(strength=1.0, snr=0.0) is view
    assert view.state["strength"] == 1.0 and view.state["snr"] == 0.0
    assert all(
        one != other
        for one, other in zip(before, (view.image.value, view.text.value, view.players.value))
    )
    assert "at strength 1, SNR 0 dB" in view.text.value and view.players.value.count("<audio") == 2


def test_a_fault_grows_from_nothing(view):
    changes = [view.set(strength=strength).state["mean_change"] for strength in (0.0, 0.5, 1.0)]
    assert changes[0] == 0 and changes == sorted(changes)
    assert "mean changes by 0.0 dB" in view.set(strength=0.0).figure().alt


def test_a_louder_background_hides_the_fault(view):
    clear, hidden = (view.set(snr=snr).state["mean_change"] for snr in (40.0, -20.0))
    assert hidden < 0.1 * clear


def test_another_machine_brings_its_own_faults(view):
    view.set(machine="valve")
    assert view.fault.options == sound.faults("valve") and view.state["fault"] in sound.faults(
        "valve"
    )
    view.machine.value = "pump"  # as the menu does it
    assert view.fault.options == sound.faults("pump") and "pump" in view.text.value
    view.set(machine="fan", fault="imbalance")
    assert (view.state["machine"], view.state["fault"]) == ("fan", "imbalance")


def test_one_move_of_several_controls_draws_once(view, unpainted, monkeypatch):
    drawn = []
    assert view.image.value
    monkeypatch.setattr(view, "figure", lambda draw=view.figure: drawn.append(1) or draw())
    view.set(machine="slider", strength=0.25, snr=3.0)
    assert len(drawn) == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"strength": 1.5}, "strength cannot be 1.5: give one of 0.0, 0.05, ..., 1.0"),
        ({"snr": float("nan")}, "snr cannot be nan: give one of -20, -19, ..., 40"),
        ({"fault": "rust"}, "no fault of this machine is called 'rust'"),
        ({"machine": "toaster"}, "toaster"),
        ({"fault": "cavitation"}, "take one of imbalance"),
    ],
)
def test_what_cannot_be_set_is_refused_and_changes_nothing(view, wrong, sentence):
    before = view.state
    with pytest.raises(ValueError, match=sentence):
        view.set(**wrong)
    assert view.state == before


def test_a_fault_that_is_not_modeled_makes_no_view():
    with pytest.raises(ValueError, match="fault cannot be 'rust': give one of imbalance"):
        views.FaultView("fan", fault="rust")


def test_a_cell_shows_the_widget_and_a_page_its_numbers(view, unpainted):
    bundle = view._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == repr(view) and "worn_bearing" in repr(view)
