"""The machines by name: their models, the faults they may have, and the ranges that ids of one make are drawn from."""

from typing import Any, NamedTuple

from .draws import draw, generator
from .rotating import FAN_FAULTS, PUMP_FAULTS, Fan, Pump, fan, pump
from .strokes import SLIDER_FAULTS, VALVE_FAULTS, Slider, Valve, slider, valve

__all__ = [
    "MACHINES", "Fan", "Machine", "Pump", "Slider", "State", "Valve", "fan", "parameters", "pump", "slider", "valve",
]  # fmt: skip


class State(NamedTuple):
    """How a machine runs: its speed and its load, both as shares of the nominal ones.

    Notebook: 00_start_here
    """

    speed: float = 1.0
    load: float = 0.6


class Machine(NamedTuple):
    """A kind of machine: its model, the class of an id's parameters, their ranges, and its faults.

    Notebook: 00_start_here
    """

    model: Any
    make: Any
    ranges: dict
    faults: tuple


FAN = {
    "rpm": (1100.0, 1900.0), "blades": (5, 9), "tones": (0.4, 0.8), "rolloff": (0.9, 1.5), "uneven": (0.05, 0.15),
    "corner": (40.0, 100.0), "slope": (0.6, 1.0), "casing": ((300.0, 600.0), (800.0, 1500.0), (2000.0, 3200.0)),
    "balls": (7, 10), "housing": (2600.0, 4000.0),
}  # fmt: skip
PUMP = {
    "rpm": (2600.0, 3000.0), "vanes": (5, 7), "slots": (18, 34), "pulsation": (0.4, 0.8), "motor": (0.2, 0.5),
    "corner": (45.0, 110.0), "slope": (0.5, 0.8), "pipe": ((180.0, 350.0), (500.0, 1000.0), (1400.0, 2400.0)),
}  # fmt: skip
VALVE = {
    "period": (0.7, 1.2), "duty": (0.25, 0.5), "decay": (0.004, 0.012), "closing": (0.4, 0.8),
    "body": ((800.0, 1300.0), (2400.0, 3400.0), (3800.0, 5000.0), (5400.0, 6800.0)),
    "rush": (0.03, 0.07), "hum": (0.01, 0.03),
}  # fmt: skip
SLIDER = {
    "stroke": (0.7, 1.5), "rest": (0.15, 0.4), "ramp": (0.1, 0.2), "screw": (220.0, 480.0), "tones": (0.3, 0.6),
    "corner": (80.0, 180.0), "slope": (0.6, 0.9), "rail": ((450.0, 800.0), (1300.0, 2100.0), (2800.0, 4000.0)),
    "stop": (1.0, 2.5),
}  # fmt: skip

MACHINES = {
    "fan": Machine(fan, Fan, FAN, FAN_FAULTS),
    "pump": Machine(pump, Pump, PUMP, PUMP_FAULTS),
    "slider": Machine(slider, Slider, SLIDER, SLIDER_FAULTS),
    "valve": Machine(valve, Valve, VALVE, VALVE_FAULTS),
}


def parameters(machine, section=0, seed=1):
    """The named parameters of one machine, each drawn from its range: ids differ as machines of one make do.

    Shapes: a NamedTuple of numbers, and of tuples of numbers; ``section`` numbers the id, ``seed`` is the recipe's.
    Raises: ValueError for a machine that is not modeled.
    Example:
        >>> from asdkit import sound
        >>> sound.parameters("fan", section=0).blades
        5
    Notebook: 01_machine_sounds
    """
    return draw(known(machine).make, known(machine).ranges, generator(seed, "id", machine, section))


def faults(machine=None):
    """The faults that a machine can have, or those of every machine.

    Shapes: a tuple of names; without ``machine`` a dict, machine -> tuple of names.
    Raises: ValueError for a machine that is not modeled.
    Example:
        >>> from asdkit import sound
        >>> sound.faults("fan")
        ('imbalance', 'worn_bearing', 'clogging')
    Notebook: 01_machine_sounds
    """
    return {name: kind.faults for name, kind in MACHINES.items()} if machine is None else known(machine).faults


def known(machine):
    """The ``Machine`` of that name.

    Raises: ValueError for a machine that is not modeled.
    Notebook: 01_machine_sounds
    """
    if machine not in MACHINES:
        raise ValueError(f"no machine is called {machine!r}: take one of {', '.join(MACHINES)}")
    return MACHINES[machine]
