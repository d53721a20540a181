"""How good a detector is: areas under the ROC curve, intervals, rules of years and papers,
thresholds and alarms.
"""

from .alarms import decisions, gamma_fit, left_out_rate, threshold
from .choosing import Choice, choose, choose_by_machine
from .clusters import clustered_mean
from .delong import Comparison, compare, covariance, placements
from .intervals import areas, interval
from .means import MeanArea, mean_area, mean_auc
from .paired import paired, verdicts
from .ranks import rank_draws
from .readings import adaproj_rule, averaged, mauc, pair_shares, pooled, side_by_side
from .reports import report
from .roc import auc, pauc
from .rules import official

__all__ = [
    "Choice", "Comparison", "MeanArea", "adaproj_rule", "areas", "auc", "averaged", "choose",
    "choose_by_machine", "clustered_mean", "compare", "covariance", "decisions", "gamma_fit",
    "interval", "left_out_rate", "mauc", "mean_area", "mean_auc", "official", "pair_shares",
    "paired", "pauc", "placements", "pooled", "rank_draws", "report", "side_by_side", "threshold",
    "verdicts",
]  # fmt: skip
