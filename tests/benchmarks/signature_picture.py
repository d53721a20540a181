"""The picture of four losses in the README: one small network ``Toy`` with two numbers an
embedding, trained with four losses to tell four types of synthetic machines apart, and where it
puts test clips that it never heard.

    python tests/benchmarks/signature_picture.py FILE.png
"""

import sys
from functools import partial
from pathlib import Path

from asdkit import figures, losses, mixup, sound
from asdkit.experiment import Experiment

LOSSES = {
    "softmax": (losses.Softmax, None),
    "L2-softmax": (partial(losses.L2Softmax, alpha=16.0), None),
    "ArcFace": (losses.ArcFace, None),
    "AdaCos with mixup": (losses.AdaCos, mixup.mix),
}


def main(out):
    train, test = sound.split(sound.toy("course"))
    experiment = Experiment(train, test, "types", epochs=60, batch_size=32)
    names = list(experiment.owners)
    y = test["machine"].map({name: number for number, name in enumerate(names)}).to_numpy()
    odd = test["label"].to_numpy() == 1
    panels = {}
    for name, (loss, mixing) in LOSSES.items():
        run = experiment.fit(loss, dim=2, mixing=mixing)[0]
        x, centers = experiment.embed(run)[1].numpy(), run.loss.centers.detach().numpy()
        panels[name] = (x[~odd], y[~odd], centers, x[odd], y[odd])
    figure = figures.rays(panels, names, "Four losses, one embedding each")
    Path(out).write_bytes(figure.png())
    print(f"{out}: {Path(out).stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1])
