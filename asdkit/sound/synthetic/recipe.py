"""What a synthetic data set is made of: a recipe read and checked, and the plan of its clips."""

import tomllib
from pathlib import Path
from typing import NamedTuple

from . import layouts
from .backgrounds import BACKGROUNDS
from .machines import MACHINES

KEYS = ("seed", "seconds", "ids", "level", "strength", "train", "test", "domains", "machines")
DOMAINS = ("source", "target")


class Clip(NamedTuple):
    """One clip to be made: its place in the data set, its state, its fault or None, its path."""

    machine: str
    section: int
    split: str
    domain: str
    label: str
    number: int
    speed: int
    load: int
    mic: int
    noise: int | str
    fault: str | None
    path: str = ""


def read(recipe):
    """Read a recipe from a TOML file or a dict, check it, and return it as a dict.

    Raises: ValueError, in a sentence that names the file and the cure, for a file that is missing
        or no TOML, a missing key, a machine or fault that is not modeled, and a number or range
        that cannot be.
    Choices: five may be left out. ``year``, the layout, is 2022 then. ``spread`` is the share of
        the differences between the ids of a type that is kept, 1 then; at 0 all are the same
        machine. ``drift`` is how far the spectrum of a machine and of its background moves from
        clip to clip, in dB, 0 then. ``far`` adds a microphone
        ``distance`` times as far from the machine, whose background is so many dB ``louder``; there
        is none then. ``fixed`` in ``[test]`` says that the test clips stay for any number of
        training clips, and does not hold then.
    """
    if isinstance(recipe, dict):
        source = "the recipe"
    else:
        source = str(recipe)
        try:
            if Path(recipe).exists() and not Path(recipe).is_file():
                raise OSError("it is no file")  # a pipe would be waited for
            recipe = tomllib.loads(Path(recipe).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ValueError(
                f"{source} cannot be read as a TOML recipe ({error}): see data/toy.toml"
            ) from error
    _need(recipe, KEYS, source)
    for key in ("train", "test", "domains"):
        _need(recipe[key], DOMAINS, f"[{key}] of {source}")
    _check_numbers(recipe, source)
    for domain in DOMAINS:
        _check_domain(recipe["domains"][domain], f"[domains.{domain}] of {source}")
    machines = recipe["machines"]
    _check(
        isinstance(machines, dict) and machines,
        f"{source} has no [machines.<name>]: add one, as in data/toy.toml",
    )
    for name, settings in machines.items():
        _check_machine(name, settings, f"[machines.{name}] of {source}")
    return {"year": 2022} | recipe


def plan(recipe, clips=None):
    """List every clip of a checked recipe; ``clips`` sets the training clips of an id.

    Test clips follow in proportion, or stay where ``fixed`` says so.

    Shapes: a list of ``Clip``. A smaller plan is a part of a larger one.
    Raises: ValueError for fewer than 2 clips, and for more of a kind than a name can number.
    Choices: scaled down, an id keeps at least 1 training clip, 4 normal and 4 anomalous test clips
        in each domain. The layout of 2020 has no domains, so its clips are those of the source
        domain. Clips take the states of their domain in turn, and the places at each new round.
    """
    train, test = _counts(recipe, clips)
    most = layouts.limit(recipe["year"], recipe["ids"])
    if max(*train.values(), *test.values()) > most:
        raise ValueError(
            f"an id has at most {most} clips of a kind, as their names are numbered: ask for fewer"
        )
    parts = [("train", "normal", train), ("test", "normal", test), ("test", "anomaly", test)]
    return [
        _clip(recipe, machine, section, split, domain, label, number)
        for machine in recipe["machines"]
        for section in range(recipe["ids"])
        for split, label, counts in parts
        for domain in layouts.domains(recipe["year"])
        for number in range(counts[domain])
    ]


def _counts(recipe, clips):
    train = {domain: recipe["train"][domain] for domain in DOMAINS}
    test = {domain: recipe["test"][domain] for domain in DOMAINS}
    if clips is None:
        return train, test
    if not isinstance(clips, int) or clips < 2:
        raise ValueError(
            f"clips is {clips}: give a whole number of training clips an id, at least 2"
        )
    share = clips / sum(train[domain] for domain in layouts.domains(recipe["year"]))
    if not recipe["test"].get("fixed", False):
        test = {key: max(4, round(n * share)) for key, n in test.items()}
    if recipe["year"] == 2020:
        return {"source": clips, "target": 0}, test
    target = min(max(1, round(train["target"] * share)), clips - 1)
    return {"source": clips - target, "target": target}, test


def _clip(recipe, machine, section, split, domain, label, number):
    settings = recipe["domains"][domain]
    state = settings["states"][number % len(settings["states"])]
    faults = recipe["machines"][machine]["faults"]
    fault = faults[number % len(faults)] if label == "anomaly" else None
    places = _listed(settings["noise"])
    place = places[number // len(settings["states"]) % len(places)]
    where = state["speed"], state["load"], settings["mic"], place
    clip = Clip(machine, section, split, domain, label, number, *where, fault)
    return clip._replace(path=layouts.path(clip, recipe["year"], recipe["ids"]))


def _listed(noise):
    return noise if isinstance(noise, list) else [noise]


def _need(table, keys, where):
    missing = [key for key in keys if not isinstance(table, dict) or key not in table]
    if missing:
        raise ValueError(f"{where} lacks {', '.join(missing)}: add it, as in data/toy.toml")


def _check_numbers(recipe, where):
    counts = {key: recipe[key] for key in ("seed", "ids")}
    counts |= {
        f"{part}.{domain}": recipe[part][domain] for part in ("train", "test") for domain in DOMAINS
    }
    for key, count in counts.items():
        _check(
            _whole(count) and count >= 0,
            f"{where} has {key} = {count}: give a whole number, 0 or more",
        )
    year = recipe.get("year", 2022)
    _check(
        year in layouts.YEARS,
        f"{where} has year = {year}: give a layout, {', '.join(map(str, layouts.YEARS))}",
    )
    told = f"{where} has ids = {recipe['ids']}: give 1 to 100, for a name has two digits"
    _check(1 <= recipe["ids"] <= 100, told)
    told = f"{where} has no training clips: set [train] source or target above 0"
    _check(sum(recipe["train"].values()) > 0, told)
    seconds = recipe["seconds"]
    told = f"{where} has seconds = {seconds}: give a number from 0.5 to 60"
    _check(_number(seconds) and 0.5 <= seconds <= 60, told)
    for key, most in (("spread", 1), ("drift", 20)):
        value = recipe.get(key, 0)
        good = _number(value) and 0 <= value <= most
        _check(good, f"{where} has {key} = {value}: give a number from 0 to {most}")
    if "far" in recipe:
        _check_far(recipe["far"], f"far of {where}")
    fixed = recipe["test"].get("fixed", False)
    _check(isinstance(fixed, bool), f"[test] of {where} has fixed = {fixed}: give true or false")
    _check_range(recipe["level"], -90, 0, f"{where}: level")
    _check_range(recipe["strength"], 0, 1, f"{where}: strength")


def _check_far(far, where):
    _need(far, ("distance", "louder"), where)
    for key, low, high in (("distance", 1, 30), ("louder", 0, 30)):
        good = _number(far[key]) and low <= far[key] <= high
        _check(good, f"{where} has {key} = {far[key]}: give a number from {low} to {high}")


def _check_domain(settings, where):
    _need(settings, ("states", "mic", "noise"), where)
    good = isinstance(settings["states"], list) and settings["states"]
    _check(good, f"{where} has no states: give at least one, such as {{ speed = 100, load = 60 }}")
    for state in settings["states"]:
        _need(state, ("speed", "load"), f"a state in {where}")
        for key, low, high in (("speed", 50, 200), ("load", 0, 150)):
            good = _whole(state[key]) and low <= state[key] <= high
            _check(
                good, f"{where} has {key} = {state[key]}: give whole percent from {low} to {high}"
            )
    cure = "give a whole number from 0 to 99"
    _check(_numbered(settings["mic"]), f"{where} has mic = {settings['mic']}: {cure}")
    cure += f", or one of {', '.join(BACKGROUNDS)}"
    _check(_listed(settings["noise"]), f"{where} has noise = []: {cure}, or several of them")
    for place in _listed(settings["noise"]):
        good = place in BACKGROUNDS or _numbered(place)
        _check(good, f"{where} has noise = {place}: {cure}")


def _check_machine(name, settings, where):
    _check(
        name in MACHINES,
        f"{where} is no machine that is modeled: take one of {', '.join(MACHINES)}",
    )
    _need(settings, ("faults", "snr"), where)
    known = MACHINES[name].faults
    good = isinstance(settings["faults"], list) and settings["faults"]
    _check(good, f"{where} has no faults: give some of {', '.join(known)}")
    for fault in settings["faults"]:
        told = f"{where} has the unknown fault {fault!r}: take some of {', '.join(known)}"
        _check(fault in known, told)
    _check_range(settings["snr"], -60, 60, f"{where}: snr")


def _check_range(span, low, high, where):
    good = isinstance(span, list | tuple) and len(span) == 2 and all(map(_number, span))
    _check(
        good and low <= span[0] <= span[1] <= high,
        f"{where} is {span}: give [low, high] within {low} to {high}",
    )


def _whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


def _numbered(value):
    return _whole(value) and 0 <= value < 100


def _number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check(good, sentence):
    if not good:
        raise ValueError(sentence)
