"""Pictures of features: log-mel spectrograms, four features side by side, and a microscope."""
