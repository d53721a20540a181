"""The machines by name: their models, their faults, and the ranges that ids are drawn from."""

from typing import Any, NamedTuple

from .draws import draw, generator
from .gears import BEARING_FAULTS, GEARBOX_FAULTS, Bearing, Gearbox, bearing, gearbox
from .rotating import FAN_FAULTS, PUMP_FAULTS, Fan, Pump, fan, pump
from .strokes import SLIDER_FAULTS, VALVE_FAULTS, Slider, Valve, slider, valve
from .toys import CONVEYOR_FAULTS, TOYCAR_FAULTS, Conveyor, ToyCar, conveyor, toycar


class State(NamedTuple):
    """How a machine runs: its speed and its load, both as shares of the nominal ones."""

    speed: float = 1.0
    load: float = 0.6


class Machine(NamedTuple):
    """A kind of machine: model, class and ranges of its parameters, faults, and recording.

    Choices: toys are recorded through a high-pass of ``lowcut`` Hz, as the spectra of such
        recordings show.
    """

    model: Any
    make: Any
    ranges: dict
    faults: tuple
    lowcut: float = 0.0


FAN = {
    "rpm": (1100.0, 1900.0), "blades": (5, 9), "tones": (0.4, 0.8), "rolloff": (0.9, 1.5),
    "uneven": (0.05, 0.15),
    "corner": (40.0, 80.0), "slope": (0.7, 1.1),
    "casing": ((300.0, 600.0), (800.0, 1500.0), (2000.0, 3200.0)),
    "balls": (7, 10), "housing": (2600.0, 4000.0),
}  # fmt: skip
PUMP = {
    "rpm": (2600.0, 3000.0), "vanes": (5, 7), "slots": (18, 34), "pulsation": (0.4, 0.8),
    "motor": (0.2, 0.5),
    "corner": (45.0, 110.0), "slope": (0.3, 0.6),
    "pipe": ((180.0, 350.0), (700.0, 1400.0), (1800.0, 3200.0)),
}  # fmt: skip
VALVE = {
    "period": (0.7, 1.2), "duty": (0.25, 0.5), "decay": (0.0015, 0.003), "closing": (0.4, 0.8),
    "body": ((1500.0, 2400.0), (3000.0, 4200.0), (4600.0, 5800.0), (6200.0, 7100.0)),
    "rush": (0.01, 0.03), "hum": (0.005, 0.015),
}  # fmt: skip
SLIDER = {
    "stroke": (0.7, 1.5), "rest": (0.15, 0.4), "ramp": (0.1, 0.2), "screw": (220.0, 480.0),
    "tones": (0.3, 0.6),
    "drive": (0.5, 1.0), "corner": (80.0, 180.0), "slope": (0.5, 0.8),
    "rail": ((450.0, 800.0), (1300.0, 2100.0), (2800.0, 4000.0)), "stop": (1.0, 2.5),
}  # fmt: skip
TOYCAR = {
    "rpm": (6600.0, 9000.0), "teeth": (8, 12), "reduction": (3.5, 5.5), "joints": (10, 18),
    "lap": (3.5, 5.5),
    "mesh": (0.2, 0.45), "joint": (0.8, 2.0), "corner": (100.0, 160.0), "slope": (1.0, 1.4),
    "body": ((110.0, 190.0), (280.0, 480.0), (900.0, 1500.0)),
}  # fmt: skip
CONVEYOR = {
    "motor": (48.0, 68.0), "roller": (4.0, 7.0), "belt": (2.4, 4.2), "tones": (0.7, 1.2),
    "rolloff": (0.8, 1.3),
    "splice": (0.5, 1.5), "corner": (90.0, 150.0), "slope": (1.4, 1.8),
    "frame": ((110.0, 180.0), (280.0, 460.0), (2400.0, 3400.0)),
}  # fmt: skip
GEARBOX = {
    "rpm": (1300.0, 1700.0), "pinion": (17, 29), "wheel": (47, 79), "mesh": (0.5, 1.0),
    "rolloff": (0.8, 1.3),
    "swing": (0.08, 0.2), "corner": (50.0, 100.0), "slope": (0.6, 0.9),
    "housing": ((400.0, 700.0), (1000.0, 1700.0), (2400.0, 3400.0)),
}  # fmt: skip
BEARING = {
    "rpm": (1500.0, 2100.0), "balls": (8, 12), "ratio": (0.17, 0.24), "contact": (0.0, 0.4),
    "shaft": (0.2, 0.5),
    "corner": (50.0, 100.0), "slope": (0.4, 0.7),
    "housing": ((700.0, 1200.0), (2200.0, 3300.0), (3800.0, 5200.0)),
}  # fmt: skip

MACHINES = {
    "fan": Machine(fan, Fan, FAN, FAN_FAULTS),
    "pump": Machine(pump, Pump, PUMP, PUMP_FAULTS),
    "slider": Machine(slider, Slider, SLIDER, SLIDER_FAULTS),
    "valve": Machine(valve, Valve, VALVE, VALVE_FAULTS),
    "toycar": Machine(toycar, ToyCar, TOYCAR, TOYCAR_FAULTS, lowcut=62.0),
    "conveyor": Machine(conveyor, Conveyor, CONVEYOR, CONVEYOR_FAULTS, lowcut=62.0),
    "gearbox": Machine(gearbox, Gearbox, GEARBOX, GEARBOX_FAULTS),
    "bearing": Machine(bearing, Bearing, BEARING, BEARING_FAULTS),
}


def parameters(machine, section=0, seed=1, spread=1.0):
    """Return the parameters of one machine, each drawn from its range.

    Ids differ as machines of one make do.

    Shapes: a NamedTuple of numbers, and of tuples of numbers; ``section`` numbers the id, ``seed``
        and ``spread`` are the recipe's.
    Raises: ValueError for a machine that is not modeled.
    Example:
        >>> [sound.parameters("fan", section).blades for section in range(3)]
        [5, 7, 8]
    Notebook: 01_machine_sounds
    """
    kind, rng = known(machine), generator(seed, "id", machine, section)
    return draw(kind.make, kind.ranges, rng, spread)


def faults(machine=None):
    """Return the faults that a machine can have, or those of every machine.

    Shapes: a tuple of names; without ``machine`` a dict, machine -> tuple of names.
    Raises: ValueError for a machine that is not modeled.
    Example:
        >>> sound.faults("fan")
        ('imbalance', 'worn_bearing', 'clogging', 'rubbing')
    Notebook: 01_machine_sounds
    """
    return (
        {name: kind.faults for name, kind in MACHINES.items()}
        if machine is None
        else known(machine).faults
    )


def known(machine):
    """Return the ``Machine`` of that name.

    Raises: ValueError for a machine that is not modeled.
    """
    if machine not in MACHINES:
        raise ValueError(f"no machine is called {machine!r}: take one of {', '.join(MACHINES)}")
    return MACHINES[machine]
