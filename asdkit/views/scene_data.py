"""Scenes packed for a page: what its scrubber, rings and histograms need without a kernel."""

import numpy as np

FEW = 0.3  # of the neighbors in D dimensions: a point that keeps fewer has a ring
UNKNOWN = 255  # among shares in percent


def lost(scene):
    """Which clips have lost their neighbors on the map (N,) bool: it keeps less than 3 of 10."""
    return np.zeros(len(scene.xy), dtype=bool) if scene.kept is None else scene.kept < FEW - 1e-9


def scene_data(scenes):
    """Return the values of the traits of ``Scatter`` that tell of scenes, by name."""
    told, changes = [], []
    for number, scene in enumerate(scenes.all):
        before = scenes.before(number)
        share = None if before is None else scene.changed(before)
        changes.append(share)
        told.append({
            "k": getattr(scene.map, "k", None), "threshold": scene.threshold,
            "bound": scene.bound,
            "changed": None if share is None else float(share.mean()),
            "moved": [] if before is None else scene.moved(before),
        })  # fmt: skip
    return {
        "losses": scenes.losses, "epochs": scenes.epochs, "scenes": told, "few": FEW,
        "kept": _percent([scene.kept for scene in scenes.all], scenes),
        "changes": _percent(changes, scenes),
        "scores": _numbers([scene.score for scene in scenes.all], scenes),
        "angles": _numbers([scene.angle for scene in scenes.all], scenes),
    }  # fmt: skip


def _percent(shares, scenes):
    """Return shares of N clips in S scenes as bytes, nothing where none is known."""
    if all(own is None for own in shares):
        return b""
    unknown = np.full(len(scenes.all[0].xy), UNKNOWN)
    rows = [unknown if own is None else np.round(100 * own) for own in shares]
    return np.array(rows).astype(np.uint8).tobytes()


def _numbers(values, scenes):
    """Return numbers of N clips in S scenes as bytes of float32, nothing where none is known."""
    if all(own is None for own in values):
        return b""
    unknown = np.full(len(scenes.all[0].xy), np.nan)
    rows = [unknown if own is None else own for own in values]
    return np.array(rows).astype("<f4").tobytes()
