"""Tasks: labels, owners and rows, on a table without sound; and what is no training set."""

import numpy as np
import pandas as pd
import pytest

from asdkit import losses, sound, systems
from asdkit.systems.tasks import TASKS, Question

ROWS = [  # machine, section, domain, attributes, label
    ("fan", "00", "source", "speed_1", 0), ("fan", "00", "source", "speed_2", 0),
    ("fan", "02", "target", "speed_1", 0), ("pump", "00", "source", "", 0),
    ("fan", "00", "source", "speed_1", 1), ("pump", "00", "source", "", 1),
    ("pump", "00", "source", "", np.nan),
]  # fmt: skip


@pytest.fixture
def table():
    told = pd.DataFrame(ROWS, columns=["machine", "section", "domain", "attributes", "label"])
    return told.assign(path=[f"{row}.wav" for row in range(len(told))], split="train")


CLASSES = {
    "types": (["fan", "pump"], [0, 0, 0, 1, 0, 1, 1]),
    "sections": (["fan/00", "fan/02", "pump/00"], [0, 0, 1, 2, 0, 2, 2]),
    "attributes": (["fan/00", "fan/00", "fan/02", "pump/00"], [0, 1, 2, 3, 0, 3, 3]),
}


@pytest.mark.parametrize("task", CLASSES)
def test_classes_and_whose_they_are(table, task):
    owners, y = CLASSES[task]
    question = TASKS[task](table, np.ones(7, bool))
    assert isinstance(question, Question) and question.rows.all()
    assert question.y.tolist() == y and question.owners == owners
    mine = (table["machine"] == "fan").to_numpy()
    part = TASKS[task](table, mine)
    assert part.rows.tolist() == mine.tolist() and len(part.y) == 4
    assert part.owners == [owner for owner in owners if owner.startswith("fan")]


@pytest.mark.parametrize(
    ("group", "rows", "roles"),
    [
        ("fan/00", [0, 1, 2, 3, 4, 6], "NNOOAO"),
        ("pump/00", [0, 1, 2, 3, 5, 6], "OOONAN"),
        ("fan/02", [0, 1, 2, 3, 6], "OONOO"),
    ],
)
def test_roles_leave_out_the_anomalies_of_others(table, group, rows, roles):
    """[DDC]: other ids of the type and all other types are outliers; no label means normal."""
    question = TASKS["roles"](table, (sound.groups(table) == group).to_numpy())
    assert np.flatnonzero(question.rows).tolist() == rows and question.owners == []
    names = {"N": losses.NORMAL, "O": losses.OUTLIER, "A": losses.ANOMALY}
    assert question.y.tolist() == [names[role] for role in roles]


def test_nothing_is_asked(table):
    mine = (table["machine"] == "pump").to_numpy()
    question = TASKS["nothing"](table, mine)
    assert (
        question.rows.tolist() == mine.tolist()
        and question.y.tolist() == [0] * 3
        and question.owners == []
    )


def test_what_is_no_training_set(clips, train, fresh, small, reads):
    anomaly = fresh[fresh["label"] == 1]
    one_wrong = train.assign(label=train["label"].where(train.index != train.index[2], 1))
    for table, words in (
        (train.head(0), "holds no clips: check"),
        (clips, r"is a test clip among the training clips \(32 in all\): fit on"),
        (one_wrong, r"an anomaly among .* \(1 in all\)"),
        (anomaly.assign(split="train"), r"is an anomaly among the training clips \(16 in all\)"),
        (train[sound.groups(train) == "fan/00"], "all training clips are of one class, fan/00"),
        (train.groupby(sound.groups(train)).head(1), "fan/00 has one training clip only"),
    ):
        with pytest.raises(ValueError, match=words):
            small().fit(table, device="cpu")
    assert not reads


def test_each_id_needs_normal_clips_of_its_own(train):
    """[DDC]: a model an id; its anomalies alone, or its clips alone, are no training set."""
    fan = sound.groups(train) == "fan/00"
    broken = train[fan].assign(label=1, path=train["path"][fan] + "2")
    for table in (pd.concat([train[~fan], broken]), broken):
        with pytest.raises(ValueError, match="fan/00 has anomalies and no normal training clip: r"):
            systems.check_training(table, "roles")
    with pytest.raises(ValueError, match="all training clips are of one class, fan/00, and the t"):
        systems.check_training(pd.concat([train[fan], broken], ignore_index=True), "roles")


def test_true_anomalies_may_be_among_the_clips_of_roles_alone(train):
    one = train.assign(label=train["label"].where(train.index != train.index[2], 1))
    systems.check_training(one, "roles")
    for task in set(TASKS) - {"roles"}:
        with pytest.raises(
            ValueError, match=r"is an anomaly among the training clips \(1 in all\): fit on"
        ):
            systems.check_training(one, task)
    with pytest.raises(ValueError, match="is a test clip among the training clips"):
        systems.check_training(one.assign(split="test"), "roles")


FREE = [name for name in systems.names() if systems.get(name).task == "nothing"]
REBUILDING = ["autoencoder", "baseline_autoencoder", "vae", "conv_autoencoder", "idnn"]


def test_a_single_class_is_refused_with_the_tasks_and_systems_that_work(train, recipe, reads):
    """Own recordings of one machine are the most likely table of all."""
    one = train[sound.groups(train) == "fan/00"]
    assert [*REBUILDING, "mean_gaussian", "max_gaussian", "summaries"] == FREE
    cures = (
        "add another machine, or name attributes in the file names, or take a system that needs no "
    )
    for name in set(systems.names()) - set(FREE):
        with pytest.raises(ValueError, match="^all training clips are of one class, fan") as told:
            recipe(name).fit(one, device="cpu")
        if systems.get(name).task == "roles":
            words = "and the task roles compares them with clips of others: add another machine or"
            assert words in str(told.value) and all(free in str(told.value) for free in FREE)
            continue
        assert all(free in str(told.value) for free in FREE) and "choose task=" not in str(
            told.value
        )
        assert cures in str(told.value) and "\n" not in str(told.value)
    fan = train[train["machine"] == "fan"]
    with pytest.raises(
        ValueError,
        match=r"one class, fan, .* apart: choose task=sections \(2 classes\), choose task=a",
    ):
        recipe("l2softmax_lof").fit(fan, device="cpu")
    named = one.assign(domain="source", attributes=["speed_1", "speed_2"] * 5)
    with pytest.raises(
        ValueError,
        match=r"one class, fan/00, .* apart: choose task=attributes \(2 classes\), add anot",
    ):
        recipe("adacos").fit(named, device="cpu")
    assert not reads
    for name in FREE:
        choices = {"seconds": 1.0} | ({"epochs": 1} if name in REBUILDING else {})
        assert list(systems.get(name, **choices).fit(one, device="cpu").thresholds) == ["fan/00"]


@pytest.mark.parametrize(("each", "name"), [("machine", "pump"), ("group", "fan/00")])
def test_a_network_of_one_class_among_several_is_refused_before_any_file_is_read(
    train, small, each, name, reads
):
    table = train[sound.groups(train) != "pump/04"]
    words = f"^each='{each}' gives {name} a network of its own, and its clips are of one class of"
    with pytest.raises(ValueError, match=words) as told:
        small(each=each).fit(table, device="cpu")
    assert not reads and "\n" not in str(told.value)


def test_what_is_asked_of_normal_training_clips(clips, train):
    question = systems.ask(train, "sections")
    assert [question.owners[y] for y in question.y] == sound.groups(train).tolist()
    assert systems.ask(train, "types").owners == ["fan", "pump"]
    with pytest.raises(ValueError, match="no task is called 'ids': choose one of types, sections"):
        systems.ask(train, "ids")
    with pytest.raises(ValueError, match="is a test clip among the training clips"):
        systems.ask(clips)
