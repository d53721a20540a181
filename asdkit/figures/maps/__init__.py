"""Pictures of maps of embeddings, each beside the numbers that say how far to trust it."""
