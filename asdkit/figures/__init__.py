"""Pictures: arrays in, a matplotlib figure out; none of them touches pyplot.

A picture lies in the folder of the part that it draws, in a file of its name; ``*_lab.py`` holds
the state and the picture of one view.
"""

from .backends.region_lab import region_state, regions
from .backends.role_scores import role_scores
from .encoders.error_by_bottleneck import error_by_bottleneck
from .encoders.reconstruction import reconstruction, reconstructions
from .encoders.reconstruction_lab import reconstruction_figure, reconstruction_state
from .features.attention_lab import attention_figure, attention_state
from .features.far_lab import far_figure, far_state
from .features.feature_lab import feature_figure, feature_state
from .features.five_pictures import five_pictures
from .features.log_mels import log_mel, log_mels
from .losses.alpha_lab import alpha_figure, alpha_state
from .losses.angle_histogram import angle_histogram
from .losses.angle_rows import angle_rows, overlap
from .losses.centroid_costs import centroid_costs
from .losses.centroid_lab import centroid_figure, centroid_state
from .losses.centroid_plane import centroid_plane
from .losses.class_variances import class_variances, within_and_between
from .losses.cluster_lab import cluster_figure, cluster_state
from .losses.fixed_scales import fixed_scales
from .losses.loss_floor import loss_floor, smallest_loss
from .losses.loss_lab import loss_figure, loss_state
from .losses.margin_arcs import margin_arcs
from .losses.margin_cones import margin_cones
from .losses.margin_gradient import margin_gradient, margin_slopes, rests
from .losses.mixed_margins import mixed_margins
from .losses.mixing_lab import mixing_figure, mixing_state
from .losses.optimal_sets import optimal_points, optimal_sets
from .losses.principal_angles import principal_angles
from .losses.projection_error import predicted_error, projection_error
from .losses.rays import rays
from .losses.scale_history import scale_history
from .losses.scale_lab import scale_figure, scale_state
from .losses.scale_map import scale_map
from .losses.sphere import circle, sphere
from .losses.subspace_energy import subspace_energy
from .losses.subspace_lab import subspace_figure, subspace_state
from .losses.target_logits import target_logits
from .maps.embedding_map import embedding_map
from .maps.explanation import explanation
from .maps.explorer_lab import (
    angle_groups,
    explorer_figure,
    explorer_groups,
    explorer_state,
    score_groups,
)
from .maps.map_row import map_row
from .metrics.auc_by_anomalies import anomaly_curve, auc_by_anomalies
from .metrics.auc_by_machine import auc_by_machine
from .metrics.auc_table import auc_table
from .metrics.interval_widths import interval_widths
from .metrics.leads import leads
from .metrics.null_histogram import null_histogram
from .metrics.parameter_curves import level_means, parameter_curves
from .metrics.rank_shares import rank_shares
from .metrics.roc_figure import roc_figure
from .metrics.score_strips import score_strips
from .metrics.table_lab import table_figure, table_state
from .metrics.threshold_fit import threshold_fit
from .metrics.threshold_histograms import threshold_histograms
from .metrics.threshold_lab import threshold_figure, threshold_state
from .sound.fault_lab import fault_figure, fault_state
from .sound.line_spectrum import line_spectrum
from .sound.normal_spread import normal_spread
from .sound.shifts import shifts
from .sound.spectra import spectra, third_octaves
from .style import LOOKS, Look, Picture
from .train.cost_lab import cost_figure, cost_state
from .train.loss_histories import loss_histories

__all__ = [
    "LOOKS", "Look", "Picture", "alpha_figure", "alpha_state", "angle_groups",
    "angle_histogram", "angle_rows", "anomaly_curve", "attention_figure", "attention_state",
    "auc_by_anomalies", "auc_by_machine", "auc_table", "centroid_costs", "centroid_figure",
    "centroid_plane", "centroid_state", "circle", "class_variances", "cluster_figure",
    "cluster_state", "cost_figure", "cost_state", "embedding_map", "error_by_bottleneck",
    "explanation", "explorer_figure", "explorer_groups", "explorer_state", "far_figure",
    "far_state", "fault_figure", "fault_state", "feature_figure", "feature_state",
    "five_pictures", "fixed_scales", "interval_widths", "leads", "level_means", "line_spectrum",
    "log_mel", "log_mels", "loss_figure", "loss_floor", "loss_histories", "loss_state",
    "map_row", "margin_arcs", "margin_cones", "margin_gradient", "margin_slopes",
    "mixed_margins", "mixing_figure", "mixing_state", "normal_spread", "null_histogram",
    "optimal_points", "optimal_sets", "overlap", "parameter_curves", "predicted_error",
    "principal_angles", "projection_error", "rank_shares", "rays", "reconstruction",
    "reconstruction_figure", "reconstruction_state", "reconstructions", "region_state",
    "regions", "rests", "roc_figure", "role_scores", "scale_figure", "scale_history",
    "scale_map", "scale_state", "score_groups", "score_strips", "shifts", "smallest_loss",
    "spectra", "sphere", "subspace_energy", "subspace_figure", "subspace_state", "table_figure",
    "table_state", "target_logits", "third_octaves", "threshold_figure", "threshold_fit",
    "threshold_histograms", "threshold_state", "within_and_between",
]  # fmt: skip
