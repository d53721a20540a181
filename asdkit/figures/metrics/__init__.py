"""Pictures of metrics: thresholds, ROC curves, tables and intervals."""
