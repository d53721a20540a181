"""Pictures of encoders: what an auto-encoder rebuilds, and what a bottleneck lets through."""
