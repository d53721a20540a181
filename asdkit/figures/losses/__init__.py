"""Pictures of losses: angles, centers, scales, and laboratories in which they move."""
