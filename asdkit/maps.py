"""A map of embeddings, and what its points keep of their neighborhoods."""

from dataclasses import dataclass

import numpy as np

from . import given


@dataclass(frozen=True, eq=False)
class Map:
    """Points of a map, and for each one what the map kept of its neighborhood in D dimensions.

    ``nearest`` are the k nearest embeddings in D dimensions by cosine distance, ``agreement`` and
    ``trust`` what ``projection.agreement`` and ``trustworthiness`` say, ``way`` how it was made.

    Shapes: ``xy`` (N, 2), ``nearest`` (N, k), ``agreement`` and ``trust`` (N,).
    Notebook: 14_embedding_explorer
    """

    xy: np.ndarray
    nearest: np.ndarray
    agreement: np.ndarray
    trust: np.ndarray
    way: str

    def __len__(self):
        return len(self.xy)

    @property
    def k(self):
        """How many neighbors were compared."""
        return self.nearest.shape[1]

    @property
    def overall(self):
        """Means over all points, and the agreement of points that chance placed, k / (N - 1)."""
        return {
            "agreement": float(self.agreement.mean()),
            "chance": self.k / (len(self) - 1),
            "trustworthiness": float(self.trust.mean()),
        }

    def poor(self, below=0.75):
        """Which points are poorly placed: their trustworthiness lies below a bound.

        Shapes: -> (N,) of bool.
        Raises: ValueError for a bound that is no number.
        Choices: below 0.75, the nearest on the map are on average not of the nearest quarter in D
            dimensions.
        """
        return self.trust < given.number(below, "below", such_as=0.75)


def check_maps(maps):
    """Check maps by their names.

    Shapes: a dict of a name -> Map.
    Raises: ValueError for no map, or something else among them.
    """
    if not isinstance(maps, dict) or not maps:
        raise ValueError(f"maps is {given.told(maps)}: give a dict of a name and its Map")
    for name, made in maps.items():
        if not isinstance(made, Map):
            raise ValueError(
                f"{name} is {given.told(made)}: give a Map, such as projection.pca_map(x)"
            )
