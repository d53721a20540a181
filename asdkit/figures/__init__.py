"""Pictures: arrays in, a matplotlib figure out; none of them touches pyplot."""

from .alpha import alpha_figure, alpha_state
from .angle_rows import angle_rows
from .angles import angle_histogram
from .beside import seeds_beside
from .chance import null_histogram
from .clusters import cluster_counts, cluster_use
from .fault import fault_figure, fault_state
from .floor import loss_floor, smallest_loss
from .limits import threshold_fit
from .lines import line_spectrum
from .logits import target_logits
from .loss_lab import loss_figure, loss_state
from .microscope import feature_figure, feature_state
from .pictures import four_pictures
from .rays import rays
from .regions import region_state, regions
from .roc import roc_figure
from .scale import scale_history
from .scale_lab import scale_figure, scale_state
from .scale_map import scale_map
from .shifts import shifts
from .snapshots import snapshot_figure, snapshot_state
from .spectra import spectra, third_octaves
from .spectrogram import log_mel, log_mels
from .sphere import circle, margin_cones, sphere
from .strips import score_strips
from .style import LOOKS, Look, Picture
from .table import auc_table
from .threshold import threshold_figure, threshold_state
from .widths import interval_widths

__all__ = [
    "LOOKS", "Look", "Picture", "alpha_figure", "alpha_state", "angle_histogram", "angle_rows", "auc_table",
    "circle", "cluster_counts", "cluster_use", "fault_figure", "fault_state", "feature_figure", "feature_state",
    "four_pictures", "interval_widths", "line_spectrum", "log_mel", "log_mels", "loss_figure", "loss_floor",
    "loss_state", "margin_cones", "null_histogram", "rays", "region_state", "regions", "roc_figure", "scale_figure",
    "scale_history", "scale_map", "scale_state", "score_strips", "seeds_beside", "shifts", "smallest_loss",
    "snapshot_figure", "snapshot_state", "spectra", "sphere", "target_logits", "third_octaves", "threshold_figure",
    "threshold_fit", "threshold_state",
]  # fmt: skip
