"""A fitted system: it embeds clips, scores them, and says from which score on a clip is called anomalous."""

import json
from dataclasses import asdict

import numpy as np
import torch
from sklearn.base import clone

from . import backends, losses, metrics, sound, train
from .choices import taken
from .features import SETTINGS, LogMel, normalize_level
from .losses.angles import nearest
from .tensorfile import write_tensors

FORMAT = 1
FALSE_ALARMS = 0.1
FOLDS = 5


class Detector:
    """Encoder, loss, backend and thresholds of a fitted system, ready for new clips.

    ``owners`` names the group (machine and section) of each class, or its machine where types are the classes;
    ``thresholds`` maps each group to its score at 10 % false alarms; ``run`` holds the training where the detector was
    fitted in this session.

    Example:
        >>> normal = sound.toy("smoke").query("split == 'train'").groupby("machine").head(2)
        >>> detector = systems.get("subcluster_adacos", encoder="Toy", epochs=1).fit(normal)
        >>> detector.decide(detector.score(normal), sound.groups(normal)).shape == (len(normal),)
        True
    Notebook: 00_start_here
    """

    def __init__(self, system, encoder, loss, standardize, owners, device):
        self.system, self.encoder, self.loss, self.owners = system, encoder, loss, owners
        self.device = device
        self.standardize = standardize.to(device)
        self.front_end = LogMel(**SETTINGS[system.features]).to(device)
        self.backend, self.thresholds, self.run = None, {}, None

    def features(self, clips):
        """Log-mel spectrograms of clips, not yet standardized.

        Shapes: a table of N clips -> (N, 128, 313) in dB, on the CPU; 64 bands where [L2S] takes 64.
        Example:
            >>> normal = sound.toy("smoke").query("split == 'train'").groupby("machine").head(2)
            >>> detector = systems.get("subcluster_adacos", encoder="Toy", epochs=1).fit(normal)
            >>> detector.features(normal[:3]).shape
            torch.Size([3, 128, 313])
        Notebook: 00_start_here
        """
        parts = []
        for waves in sound.blocks(clips, self.system.seconds):
            waves = waves.to(self.device)
            parts.append(self.front_end(normalize_level(waves) if self.system.level else waves).cpu())
        return torch.cat(parts)

    def embed(self, clips):
        """Embeddings of clips.

        Shapes: a table of N clips -> (N, D).
        Example:
            >>> normal = sound.toy("smoke").query("split == 'train'").groupby("machine").head(2)
            >>> detector = systems.get("subcluster_adacos", encoder="Toy", dim=16, epochs=1).fit(normal)
            >>> detector.embed(normal[:3]).shape
            torch.Size([3, 16])
        Notebook: 00_start_here
        """
        self.encoder.to(self.device)
        inputs = self.features(clips)
        batches = [train.embed(self.encoder, self.standardize(block.to(self.device))) for block in inputs.split(64)]
        return torch.cat(batches)

    def score(self, clips):
        """Anomaly scores of clips; larger is more anomalous.

        Shapes: a table of N clips -> array (N,).
        Raises: ValueError for a machine and section that were not among the training clips.
        Example:
            >>> normal = sound.toy("smoke").query("split == 'train'").groupby("machine").head(2)
            >>> detector = systems.get("subcluster_adacos", encoder="Toy", epochs=1).fit(normal)
            >>> detector.score(normal[:3]).shape
            (3,)
        Notebook: 00_start_here
        """
        self._check_groups(sound.groups(clips))
        return self.score_embeddings(self.embed(clips), sound.groups(clips))

    def score_embeddings(self, x, group):
        """Anomaly scores of embeddings that are at hand already.

        Shapes: ``x`` (N, D), ``group`` (N,) -> array (N,).
        Example:
            >>> normal = sound.toy("smoke").query("split == 'train'").groupby("machine").head(2)
            >>> detector = systems.get("subcluster_adacos", encoder="Toy", epochs=1).fit(normal)
            >>> x, group = detector.embed(normal), sound.groups(normal)
            >>> np.allclose(detector.score_embeddings(x, group), detector.score(normal), rtol=1e-3)
            True
        Notebook: 00_start_here
        """
        return self.backend.score(self._judged(x), np.asarray(group))

    def angle(self, x, group):
        """Angle of each embedding to the nearest center of its own classes, in radians.

        Shapes: ``x`` (N, D), ``group`` (N,) -> array (N,).
        Raises: ValueError for a machine and section that were not among the training clips, or where no loss is.
        Example:
            >>> normal = sound.toy("smoke").query("split == 'train'").groupby("machine").head(2)
            >>> detector = systems.get("subcluster_adacos", encoder="Toy", epochs=1).fit(normal)
            >>> centers = detector.loss.centers[:, 0].detach()  # one of each class
            >>> bool((detector.angle(centers, detector.owners) < 1e-2).all())
            True
        Notebook: 00_start_here
        """
        if self.loss is None:
            raise ValueError(f"{self.system.name} has no loss, so there are no centers to measure angles to: use score")
        self._check_groups(group)
        cosine = nearest(losses.cosine(x, self.loss.centers.detach().cpu()))  # (N, C)
        names, place = np.unique(np.asarray(group), return_inverse=True)
        own = torch.tensor([[f"{name}/".startswith(f"{owner}/") for owner in self.owners] for name in names])[place]
        return losses.angle(cosine.masked_fill(~own, -1.0).amax(dim=1)).numpy()

    def decide(self, score, group):
        """True where a score is at or above the threshold of its machine and section.

        Shapes: ``score`` (N,), ``group`` (N,) -> array (N,) of bool.
        Raises: ValueError for a machine and section that were not among the training clips.
        Example:
            >>> normal = sound.toy("smoke").query("split == 'train'").groupby("machine").head(2)
            >>> detector = systems.get("subcluster_adacos", encoder="Toy", epochs=1).fit(normal)
            >>> group, threshold = next(iter(detector.thresholds.items()))
            >>> detector.decide([threshold - 1, threshold, threshold + 1], [group] * 3)
            array([False,  True,  True])
        Notebook: 00_start_here
        """
        self._check_groups(group)
        return np.asarray(score) >= np.array([self.thresholds[name] for name in group])

    def fit_backend(self, x, group):
        """Fit the system's backend to normal embeddings, and set the thresholds.

        Shapes: ``x`` (N, D), ``group`` (N,) -> self.
        Example:
            >>> normal = sound.toy("smoke").query("split == 'train'").groupby("machine").head(2)
            >>> detector = systems.get("subcluster_adacos", encoder="Toy", dim=4, epochs=1).fit(normal)
            >>> detector.fit_backend(torch.randn(20, 4), ["fan/00"] * 20).thresholds
            {'fan/00': ...}
        Notebook: 00_start_here
        """
        x, group = self._judged(x), np.asarray(group)
        backend = self.new_backend()
        fold = np.empty(len(group), dtype=int)
        for name in np.unique(group):
            rows = np.flatnonzero(group == name)
            fold[rows] = np.arange(len(rows)) % min(FOLDS, len(rows))
        held_out = np.empty(len(group))
        for number in range(fold.max() + 1):
            out = fold == number
            held_out[out] = clone(backend).fit(x[~out], group[~out]).score(x[out], group[out])
        self.thresholds = {
            str(name): metrics.threshold(held_out[group == name], FALSE_ALARMS) for name in np.unique(group)
        }
        self.backend = backend.fit(x, group)
        return self

    def save(self, path):
        """Write the detector to one file, tensors and JSON, whole or not at all.

        Example:
            >>> normal = sound.toy("smoke").query("split == 'train'").groupby("machine").head(2)
            >>> detector = systems.get("subcluster_adacos", encoder="Toy", epochs=1).fit(normal)
            >>> detector.save("detector.safetensors")
            >>> systems.load("detector.safetensors").thresholds == detector.thresholds
            True
        Notebook: 00_start_here
        """
        tensors = {
            f"{name}.{key}": value for name, part in self.parts().items() for key, value in part.state_dict().items()
        }
        for number, model in enumerate(self.backend.models_.values()):
            tensors |= {f"backend.{number}.{key}": torch.from_numpy(value.copy()) for key, value in model.items()}
        notes = {
            "format": FORMAT, "system": asdict(self.system), "owners": self.owners,
            "groups": list(self.backend.models_), "thresholds": self.thresholds,
        }  # fmt: skip
        write_tensors(path, tensors, {"detector": json.dumps(notes)})

    def parts(self):
        """The modules that a file keeps, by name: encoder, loss where there is one, and standardization.

        Example:
            >>> normal = sound.toy("smoke").query("split == 'train'").groupby("machine").head(2)
            >>> list(systems.get("mean_gaussian").fit(normal).parts())
            ['encoder', 'standardize']
        Notebook: 12_backends
        """
        parts = {"encoder": self.encoder, "loss": self.loss, "standardize": self.standardize}
        return {name: part for name, part in parts.items() if part is not None}

    def new_backend(self):
        """The system's backend, not yet fitted; what it has to know of the loss it gets here.

        Paper: [SCA] III-C.
        Choices: a mixture starts at the learned centers of each group, and ``Probability`` knows the group of each
            class. Summaries that no loss has put on a sphere keep their lengths.
        Example:
            >>> normal = sound.toy("smoke").query("split == 'train'").groupby("machine").head(2)
            >>> detector = systems.get("subcluster_adacos", encoder="Toy", sub_clusters=4, dim=8, epochs=1).fit(normal)
            >>> {centers.shape[1] for centers in detector.new_backend().means_init.values()}
            {8}
        Notebook: 00_start_here
        """
        make = getattr(backends, self.system.backend)
        if make is backends.Probability:
            return make(owners=self.owners)
        if self.loss is None:
            return make(**taken(make, normalize=False))
        if make is not backends.GaussianMixture:
            return make()
        centers = self.loss.centers.detach().cpu()
        centers = centers.view(len(centers), -1, centers.shape[-1])  # (C, S, D)
        starts = {
            group: torch.cat([centers[row] for row, owner in enumerate(self.owners) if owner == group]).numpy()
            for group in sorted(set(self.owners))
        }
        return make(means_init=starts)

    @torch.no_grad()
    def _judged(self, x):
        """What the backend judges: embeddings, or the probabilities that the loss gives them."""
        if self.system.backend != "Probability":
            return x
        return self.loss.probabilities(torch.as_tensor(x).to(self.loss.centers.device)).cpu()

    def _check_groups(self, group):
        unknown = sorted(set(group) - set(self.thresholds))
        if unknown:
            known = ", ".join(sorted(self.thresholds))
            raise ValueError(f"the detector was not trained on {unknown[0]!r}: it knows {known}")
