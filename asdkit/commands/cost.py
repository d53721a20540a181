"""What a run has cost: the seconds of its stages, and the largest memory."""

import json
import time

from ..plain import say
from .results import write


class Clock:
    """Seconds of each stage, and the largest memory the process has held."""

    def __init__(self):
        self.start, self.seconds = time.perf_counter(), {}

    def lap(self, stage):
        """A stage has ended now."""
        now = time.perf_counter()
        self.seconds[stage], self.start = round(now - self.start, 2), now

    def write(self, path, **facts):
        """Print what it was, and write it as JSON."""
        memory = _peak_memory()
        stages = ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in self.seconds.items())
        say(
            f"{stages}; peak memory "
            f"{'unknown' if memory is None else f'{memory / 2**30:.2f} GiB'}; {facts}"
        )
        write(
            path,
            json.dumps({"seconds": self.seconds, "peak_bytes": memory, **facts}, indent=1) + "\n",
        )


def _peak_memory():
    try:
        import resource
    except ImportError:  # Windows
        return None
    import sys

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
