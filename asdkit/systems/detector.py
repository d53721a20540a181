"""A fitted system: it embeds clips, scores them, and says from which score on a clip is called
anomalous.
"""

import numpy as np

from .. import given, metrics, sound
from ..tables import checked
from .front import Heard, hear
from .fusion import fused, shares
from .judge import finite

FALSE_ALARMS = 0.1


class Detector:
    """The networks of a fitted system, and a threshold for each machine and section.

    A clip's score is the mean over the networks that know its group, weighted where ``fusion`` says
    so. ``thresholds`` maps each group to its score at 10 % false alarms, or at another ``rate``;
    ``normal`` to the scores of its normal clips that set it; ``network`` is the network where there
    is one only.

    Example:
        >>> normal = sound.toy("smoke").query("split == 'train'").groupby("machine").head(2)
        >>> detector = systems.get("subcluster_adacos", encoder="Toy", epochs=1).fit(normal)
        >>> group, threshold = next(iter(detector.thresholds.items()))
        >>> detector.decide([threshold - 1, threshold, threshold + 1], [group] * 3)
        array([False,  True,  True])
    """

    def __init__(self, system, networks, device):
        self.system, self.networks, self.device = system, list(networks), device
        self.thresholds, self.normal = {}, {}
        for network in self.networks:
            network.to(device).eval()

    @property
    def network(self):
        """The network where there is one only.

        Raises: ValueError where there are several.
        """
        if len(self.networks) != 1:
            raise ValueError(
                f"{self.system.name} has {len(self.networks)} networks: take one of "
                "detector.networks, each of which says its groups"
            )
        return self.networks[0]

    @property
    def run(self):
        """The training of the only network, where it was fitted in this session."""
        return self.network.run

    def inputs(self, clips, heard=None):
        """What the encoder of the only network takes of clips.

        Shapes: a table of N clips -> (N, 128, 313) where that is the log-mel, standardized; on the
            CPU.
        """
        clips = checked(clips, "path", "machine")
        return self._inputs(self.network, clips, self._ears(self.network, clips, heard))

    def embed(self, clips, heard=None):
        """Embeddings of clips by the only network.

        Shapes: a table of N clips -> (N, D).
        Raises: ValueError where there are several networks, whose embeddings cannot be compared,
            and for a clip whose embedding is not finite.
        """
        return finite(self.network.embed(self.inputs(clips, heard)), clips)

    def score(self, clips, heard=None):
        """Anomaly scores of clips: the mean over the networks that know their group.

        Shapes: a table of N clips -> array (N,).
        Raises: ValueError for a machine and section that were not among the training clips, and for
            a clip whose embedding or score is not finite.
        """
        clips = checked(clips, "path", "machine", "section")
        group = self._known(sound.groups(clips))
        found, before = [], None
        for number, network in enumerate(self.networks):
            own = np.isin(group, network.groups)
            if not own.any():
                continue
            if before is None or not (network.front is before[0] and (own == before[1]).all()):
                heard = self._ears(network, clips[own], heard)
                others = any(other.front is not network.front for other in self.networks[number:])
                inputs = self._inputs(network, clips[own], heard, others, later=True)
            before = network.front, own
            told = finite(network.told(inputs, group[own]), clips[own])
            found.append((network, own, network.judge_told(told, group[own])))
        return fused(found, group)

    def score_embeddings(self, x, group):
        """Anomaly scores of embeddings of the only network that are at hand already.

        Shapes: ``x`` (N, D), ``group`` (N,) -> array (N,).
        Raises: ValueError for x of another shape or not finite, and as ``score`` does.
        """
        return self.network.judge(x, self._known(group, like=x))

    def angle(self, x, group):
        """Angle of each embedding to the nearest center of its own classes, in radians.

        Shapes: ``x`` (N, D), ``group`` (N,) -> array (N,).
        Raises: ValueError for a machine and section that were not among the training clips, x of
            another shape or not finite, or where no classes are.
        """
        return self.network.angle(x, self._known(group, like=x))

    def decide(self, score, group):
        """True where a score is at or above the threshold of its machine and section.

        Shapes: ``score`` (N,), ``group`` (N,) -> array (N,) of bool.
        Raises: ValueError for a machine and section that were not among the training clips, and for
            a score or threshold that is not finite: NaN is never normal.
        """
        found, group = given.column(score, "score"), self._known(group, like=score)
        return found >= given.column([self.thresholds[name] for name in group], "threshold")

    def set_thresholds(self, group, held_out):
        """Set each group's threshold from the held-out scores of its normal clips, averaged over
        the networks.

        Shapes: ``group`` (N,); ``held_out`` of each network itself, its own clips (N,) of bool and
            their scores (n,).
        Raises: ValueError for scores of another length or not finite.
        """
        group = given.names(group, "group")
        held_out = [(network, own, given.column(score, "score", int(np.sum(own))))
                    for network, own, score in held_out]  # fmt: skip
        score = fused(held_out, group)
        group, score = group[~np.isnan(score)], score[~np.isnan(score)]
        self.normal = {str(name): np.sort(score[group == name]) for name in np.unique(group)}
        self.set_rate(FALSE_ALARMS)

    def set_rate(self, rate=None, percentile=None):
        """Set each group's threshold anew, so that a share ``rate`` of its normal clips alarms, or
        where a ``percentile`` of their scores ends.

        Shapes: a share within (0, 1), or a number within (0, 100).
        Raises: ValueError for neither or both, numbers out of these ranges, and a detector whose
            file, of an older asdkit, does not tell the scores of its normal clips.
        Choices: percentile 98 is rate 0.02. The promise is as good as the clips: with n of a group
            no rate below 1 / n can be kept, and a network has heard the clips it was trained on.
        Example:
            >>> normal = sound.toy("smoke").query("split == 'train'").groupby("machine").head(3)
            >>> detector = systems.get("mean_gaussian").fit(normal)
            >>> before = dict(detector.thresholds)
            >>> detector.set_rate(0.5)
            >>> all(detector.thresholds[name] < before[name] for name in before)
            True
        """
        rate = rate_of(rate, percentile)
        self.check_normal()
        self.thresholds = {
            name: metrics.threshold(score, rate) for name, score in self.normal.items()
        }

    def check_normal(self):
        """Check that the scores which set the thresholds are known.

        Raises: ValueError for a detector that an older asdkit has saved.
        """
        if not self.normal:
            raise ValueError(
                "the detector was saved by an older asdkit, without the scores of its normal "
                "clips: fit it again"
            )

    def weights(self):
        """The share of each network in the scores of a machine type.

        Shapes: -> a table, a row a machine type, a column a network; a row adds up to 1.
        """
        return shares(self.networks)

    def save(self, path):
        """Write the detector to one file, tensors and JSON, whole or not at all.

        Raises: OSError, with the cure, where the file cannot be written.
        """
        from .saved import write  # which stands on this file

        write(path, self)

    def _ears(self, network, clips, heard):
        check_ears(heard)
        if heard is None or not heard.serves(network.front, clips):
            heard = hear(clips, network.front, self.device, spare=True)
        return heard

    def _inputs(self, network, clips, heard, others=False, later=False):
        x, keep = heard.give(clips, others)
        return network.front.prepare(x, clips["machine"], self.device, keep=keep, later=later)

    def _known(self, group, like=None):
        group = given.names(group, "group", like=like)
        unknown = sorted(set(group.tolist()) - set(self.thresholds))
        if unknown:
            known = ", ".join(sorted(self.thresholds))
            raise ValueError(f"the detector was not trained on {unknown[0]!r}: it knows {known}")
        return group


def rate_of(rate=None, percentile=None):
    """The rate of false alarms that is asked for, by itself or as a percentile.

    Raises: ValueError for neither or both, and for numbers out of their ranges.
    """
    if (rate is None) == (percentile is None):
        raise ValueError("rate and percentile tell the same: give one of them")
    if rate is not None:
        return given.share(rate, "rate")
    percentile = given.number(percentile, "percentile", such_as=98)
    if not 0 < percentile < 100:
        raise ValueError(f"percentile is {percentile:g}: give a number between 0 and 100")
    return given.share(round(1.0 - percentile / 100, 12), "rate")


def check_ears(heard):
    """Check what was heard of clips before, or None.

    Raises: ValueError for anything else.
    """
    if not isinstance(heard, Heard | None):
        raise ValueError(f"heard is {given.told(heard)}: give what systems.hear made of the clips")
