"""What a process keeps of the clips of a sweep, so that all of its cells hear them once."""

import json

from .fitting import new_front
from .front import hear
from .recordings import check_copies
from .sources import digest, tables


class Ears:
    """What one process has heard: the clips of one data set, by the fronts that hear differently.

    Choices: with the first cell of another data set or sweep the old clips are forgotten, and the
        memory is that of one set.
    """

    def __init__(self):
        self.key, self.fronts, self.heard = None, {}, []

    def tables(self, cell, sweep):
        """The training and the test clips of a cell, which are those that the sweep has named.

        Shapes: -> tables of M and N clips.
        Raises: ValueError where they are others, or cannot be read.
        """
        key = sweep, cell.source, cell.table
        if key != self.key:
            train, test = tables(cell.source)
            if digest(train, test) != cell.table:
                raise ValueError(
                    f"{cell.source.name} has other clips here than where the sweep was started: "
                    "give the same data to all machines, and start the sweep anew after a change"
                )
            self.key, self.clips, self.fronts, self.heard = key, (train, test), {}, []
        return self.clips

    def hear(self, cell, device):
        """What is heard of both tables, once for all systems whose fronts begin alike.

        Shapes: -> Heard of M and of N clips.
        """
        name = json.dumps(cell.system.to_json())
        if name not in self.fronts:
            self.fronts[name] = new_front(cell.system, self.clips[0])
        front = self.fronts[name]
        for pair in self.heard:
            if pair[0].serves(front, self.clips[0]):
                return pair
        self.heard.append([hear(clips, front, device) for clips in self.clips])
        check_copies(*self.heard[-1])
        return self.heard[-1]
