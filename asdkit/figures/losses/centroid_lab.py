"""Two centroids under the hand: the plane, what a score is made of, and the AUC against alpha."""

import numpy as np
import torch

from ... import given
from ...losses.binary import squares
from ..backends.role_scores import draw_areas, draw_scores, score_state
from ..style import Picture
from .centroid_plane import draw_plane, name_points, plane_state


def centroid_state(x, role, x_test, p, centers, label, alpha=0.5, eta=2.0, eps=1e-6):
    r"""Compute the plane of two centroids, and the score that the test clips get in it.

    $$s = \alpha (1 - p) + (1 - \alpha) d', \qquad d = \|z - c_p\|^2$$

    Paper: [DDC] eq. 3 and 5.
    Shapes: ``x`` (N, D) training embeddings with ``role`` (N,), ``x_test`` (M, D) with the
        probability ``p`` (M,) of being normal and ``label`` (M,), ``centers`` (2, D) -> dict of
        ``dim``; ``points``, the name of a set -> (n, 2); ``centers`` (2, 2); ``kept``, the share
        of the variance that lies in the plane; ``cost``; ``alpha auc``; (M,) ``label scaled blamed
        score``, where ``scaled`` is d' and ``blamed`` is 1 - p; (101,) ``alphas aucs``.
    Raises: ValueError as ``centroid_plane`` and ``role_scores`` do.
    Choices: d' is scaled over the test clips, as in the paper.
    Example:
        >>> x = np.array([[0.0, 0.0], [0.0, 1.0], [4.0, 0.0], [4.0, 1.0]])
        >>> centers, p = [[0.0, 0.5], [4.0, 0.5]], [0.9, 0.8, 0.3, 0.4]
        >>> state = figures.centroid_state(x, [1, 1, 0, 0], x, p, centers, [0, 0, 1, 1])
        >>> state["scaled"], state["auc"]
        (array([0., 0., 1., 1.]), 1.0)
    Notebook: 09_binary_and_centroids
    """
    plane = plane_state(x, role, x_test, label, centers, eta, eps)
    rows, both = given.rows(x_test, "x_test"), given.rows(centers, "centers")
    far = squares(torch.from_numpy(rows), torch.from_numpy(both[:1]))[:, 0]
    evidence = np.column_stack([given.column(p, "p", len(rows)), far])
    return plane | score_state(evidence, label, alpha)


def centroid_figure(state, title="Two centroids"):
    """Draw the plane, the scaled distance against the probability, and the AUC against alpha.

    Shapes: the dict of ``centroid_state``.
    Notebook: 09_binary_and_centroids
    """
    figure = Picture(width=9.5, height=5.2)
    grid = figure.add_gridspec(2, 2, width_ratios=(3, 2))
    plane, scores, areas = (
        figure.add_subplot(place) for place in (grid[:, 0], grid[0, 1], grid[1, 1])
    )
    draw_plane(plane, state)
    draw_scores(scores, state)
    draw_areas(areas, state)
    figure.suptitle(title, fontsize=11)
    name_points(figure, plane)
    return figure
