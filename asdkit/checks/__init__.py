"""Checks of the exercises: what is wrong, and a hint; one file a notebook."""

from .machine_sounds import ex_01_1, ex_01_2, ex_01_3
from .start_here import ex_00_1, ex_00_2, ex_00_3
from .verdict import Verdict, examine

__all__ = ["Verdict", "ex_00_1", "ex_00_2", "ex_00_3", "ex_01_1", "ex_01_2", "ex_01_3", "examine"]
