"""Checks of the exercises: what is wrong, and a hint; one file a notebook, or two. And ``same``,
which proves that what was derived by hand is what the library computes.
"""

from .ex_00 import ex_00_1, ex_00_2, ex_00_3
from .ex_01 import ex_01_1, ex_01_2, ex_01_3
from .ex_02 import ex_02_1, ex_02_2, ex_02_3, ex_02_4
from .ex_03 import ex_03_1, ex_03_2, ex_03_3, ex_03_4
from .ex_04 import ex_04_1, ex_04_3
from .ex_04_linear import ex_04_2, ex_04_4
from .ex_05 import ex_05_1, ex_05_2, ex_05_3
from .ex_06 import ex_06_1, ex_06_2, ex_06_3, ex_06_4
from .ex_07 import ex_07_1, ex_07_2, ex_07_3
from .ex_08 import ex_08_1, ex_08_3
from .ex_08_scale import ex_08_2, ex_08_4
from .ex_09 import ex_09_1, ex_09_2
from .ex_09_score import ex_09_3, ex_09_4
from .ex_10 import ex_10_1, ex_10_2
from .ex_10_score import ex_10_3
from .ex_10_table import ex_10_4
from .ex_11 import ex_11_1, ex_11_4, ex_11_5
from .ex_11_overlap import ex_11_3
from .ex_11_slopes import ex_11_2
from .ex_12 import ex_12_1, ex_12_2, ex_12_3, ex_12_4
from .ex_13 import ex_13_1, ex_13_3, ex_13_4
from .ex_13_clips import ex_13_2
from .ex_14 import ex_14_1, ex_14_2, ex_14_5
from .ex_14_umap import ex_14_3, ex_14_4
from .ex_15 import ex_15_1, ex_15_2, ex_15_3, ex_15_4
from .ex_16 import ex_16_1, ex_16_2, ex_16_4
from .ex_16_slopes import ex_16_3
from .same import same
from .verdict import Verdict, examine

__all__ = [
    "Verdict", "ex_00_1", "ex_00_2", "ex_00_3", "ex_01_1", "ex_01_2", "ex_01_3", "ex_02_1",
    "ex_02_2", "ex_02_3", "ex_02_4", "ex_03_1", "ex_03_2", "ex_03_3", "ex_03_4", "ex_04_1",
    "ex_04_2", "ex_04_3", "ex_04_4", "ex_05_1", "ex_05_2", "ex_05_3", "ex_06_1", "ex_06_2",
    "ex_06_3", "ex_06_4", "ex_07_1", "ex_07_2", "ex_07_3", "ex_08_1", "ex_08_2", "ex_08_3",
    "ex_08_4", "ex_09_1", "ex_09_2", "ex_09_3", "ex_09_4", "ex_10_1", "ex_10_2", "ex_10_3",
    "ex_10_4", "ex_11_1", "ex_11_2", "ex_11_3", "ex_11_4", "ex_11_5", "ex_12_1", "ex_12_2",
    "ex_12_3", "ex_12_4", "ex_13_1", "ex_13_2", "ex_13_3", "ex_13_4", "ex_14_1", "ex_14_2",
    "ex_14_3", "ex_14_4", "ex_14_5", "ex_15_1", "ex_15_2", "ex_15_3", "ex_15_4", "ex_16_1",
    "ex_16_2", "ex_16_3", "ex_16_4", "examine", "same",
]  # fmt: skip
