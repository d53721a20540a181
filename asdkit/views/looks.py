"""What the points of a map may be colored by, in each scene."""

from ..figures.maps.explorer_lab import (
    MARKERS,
    angle_groups,
    explorer_groups,
    score_groups,
    unknown_group,
)

KINDS = {"o": "circles are normal", "^": "triangles anomalies", "D": "diamonds unknown"}


def shapes(label):
    """Return the marker of each label (N,)."""
    return [MARKERS[number] for number in label.tolist()]


def looks(words, label, scenes):
    """Return what the points may be colored by, a dict of ``name words sheets`` each.

    Shapes: ``words``, a name -> (N,) words; ``label`` (N,); ``scenes``, S of them -> ``sheets``, a
        list of (groups, legend, colors) as ``explorer_groups`` gives them, one for all scenes or
        one for each.
    """
    made = {name: [explorer_groups(values)] for name, values in words.items()}
    for name, field, paint in (
        ("score", "score", lambda scene: score_groups(scene.score, scene.threshold)),
        ("angle", "angle", lambda scene: angle_groups(scene.angle)),
        ("sub-cluster", "cluster", lambda scene: explorer_groups(scene.cluster)),
    ):
        there = [getattr(scene, field) is not None for scene in scenes]
        if any(there):
            made[name] = [
                paint(scene) if known else unknown_group(len(label))
                for scene, known in zip(scenes, there)
            ]
    drawn = shapes(label)
    told = ", ".join(words for shape, words in KINDS.items() if shape in drawn)
    bounds = " or ".join(sorted({scene.bound for scene in scenes if scene.score is not None}))
    more = {"score": f" Gray: near the {bounds}."}
    return [
        {"name": name, "sheets": [_named(name, sheet) for sheet in sheets],
         "words": f"Map of {len(label)} clips, colored by {name}: {told}.{more.get(name, '')}"}
        for name, sheets in made.items()
    ]  # fmt: skip


def _named(name, sheet):
    """Return a sheet in which a group that is a number says of what: speed 085."""
    groups, legend, colors = sheet
    told = [
        group | {"name": f"{name} {group['name']}"} if _number(group["name"]) else group
        for group in legend
    ]
    return groups, told, colors


def _number(word):
    return word.replace(".", "", 1).removeprefix("-").isdigit()
