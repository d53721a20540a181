"""What ``asdkit run`` leaves of a detector: its tables and pictures."""

from ..plain import say, say_table


def write_tables(out, test, names, rivals):
    import pandas as pd

    from .. import metrics

    scores = test.drop(columns="path").assign(clip=names, score=rivals["detector"])
    write(out / "scores.csv", scores.to_csv(index=False))
    labeled = test["label"].notna().to_numpy()
    if not labeled.any():
        say(
            "the test clips carry no labels: scores.csv holds their scores, and nothing can be "
            "measured"
        )
        forget(out, "report.csv")
        return
    reports = [
        metrics.report(test[labeled], rival[labeled]).assign(score=name)
        for name, rival in rivals.items()
    ]
    report = pd.concat(reports).set_index(["score", "machine", "section", "domain"])
    write(out / "report.csv", report.to_csv())
    shown = report.assign(
        AUC=[_percent(*row) for row in report[["auc", "auc_low", "auc_high"]].to_numpy()],
        pAUC=[_percent(*row) for row in report[["pauc", "pauc_low", "pauc_high"]].to_numpy()],
    )
    say_table(shown[["normal", "anomaly", "AUC", "pAUC"]])


def write_thresholds(out, detector, rate, test, score):
    """What a rate of false alarms means for each group: promised, and as other clips show it.

    ``left_out`` is the share of training clips that alarm where the others set the threshold,
    ``shown`` that of the normal test clips; there may be none, and no ``score`` then.
    """
    import pandas as pd

    from .. import figures, metrics, sound

    group, normal = sound.groups(test).to_numpy(), (test["label"] == 0).fillna(False).to_numpy(bool)
    fresh, rows = {}, {}
    for name, own in detector.normal.items():
        own_test = normal & (group == name)
        limit, new = detector.thresholds[name], score[own_test] if own_test.any() else []
        fresh[name] = new
        rows[name] = {
            "threshold": limit, "rate": rate,
            "train": len(own),
            "left_out": metrics.left_out_rate(own, rate) if len(own) > 1 else None,
            "test": len(new), "shown": (new >= limit).mean() if len(new) else None,
        }  # fmt: skip
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("group")
    write(out / "thresholds.csv", table.to_csv())
    say_table(table.astype(float).round(3).astype({"train": int, "test": int}))
    draw(
        out / "thresholds.png",
        figures.threshold_histograms(detector.normal, detector.thresholds, rate, fresh),
    )


def write_figures(out, detector, test, x):
    """Pictures of training and angles, where one network that tells classes apart embedded x."""
    network = detector.networks[0]
    if len(detector.networks) > 1 or network.run is None or not network.owners:
        forget(out, "scale.png", "angles.png")
        return
    from .. import figures, sound

    if "scale" in network.run.history:
        draw(
            out / "scale.png",
            figures.scale_history({detector.system.name: network.run.history["scale"]}),
        )
    else:
        forget(out, "scale.png")
    known = test["label"].notna().to_numpy()
    label = test["label"].to_numpy()[known].astype(int)
    if len(set(label)) < 2:
        forget(out, "angles.png")
        return
    angle = detector.angle(x, sound.groups(test))
    draw(
        out / "angles.png",
        figures.angle_histogram(angle[known][label == 0], angle[known][label == 1]),
    )


def check_networks(count, name, told="--embeddings"):
    """Refuse to take embeddings of several networks for one."""
    if count > 1:
        raise ValueError(
            f"{told}: {name} has {count} networks here, and embeddings of one cannot be compared "
            f"with those of another: leave {told}, or take a system of one network"
        )


def scores_and_angles(detector, x, group):
    """The scores of embeddings, and where there is one to be told their angles.

    Shapes: ``x`` (N, D) or (N, R, D), ``group`` (N,) -> dict of ``score`` and ``angle`` (N,).
    """
    numbers = {"score": detector.score_embeddings(x, group)}
    if detector.network.owners and x.ndim == 2:
        numbers["angle"] = detector.angle(x, group)
    return numbers


def write_embeddings(path, detector, heard):
    """Write the embeddings of clips by the only network, and return the scores.

    Shapes: ``heard``, pairs of a table and what ``systems.hear`` left of it, or None -> (N,), the
        rows of all tables in order.
    Choices: scores of training clips are written too, and lie too low: the detector has heard
        them.
    """
    import numpy as np
    import pandas as pd
    import torch

    from .. import embeddings, sound

    heard = [(clips, ears) for clips, ears in heard if len(clips)]
    xs = [detector.embed(clips, ears) for clips, ears in heard]
    group = [sound.groups(clips) for clips, _ in heard]
    found = [scores_and_angles(detector, *own) for own in zip(xs, group)]
    numbers = {name: np.concatenate([own[name] for own in found]) for name in found[0]}
    embeddings.write(path, torch.cat(xs), pd.concat([clips for clips, _ in heard]), **numbers)
    return numbers["score"]


def forget(out, *names):
    """Remove what an earlier run left of test clips or labels that are there no more."""
    for name in names:
        (out / name).unlink(missing_ok=True)


def draw(path, figure):
    from ..drafts import whole

    with whole(path) as draft:
        draft.write_bytes(figure.png())


def write(path, text):
    from ..drafts import whole

    with whole(path) as draft:
        draft.write_text(text, encoding="utf-8")


def _percent(value, low, high):
    return "-" if value != value else f"{100 * value:5.1f} [{100 * low:.0f}, {100 * high:.0f}]"
