"""Pictures of backends: the exact regions that they accept."""
