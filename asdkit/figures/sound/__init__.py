"""Pictures of sounds: spectra, distances between clips, and a fault that grows."""
