"""Kill a sweep at random moments, with joblib and with Dask, resume it each time, and compare its
tables with those of a sweep left alone.

    python tests/benchmarks/kill_sweep.py [kills of each]

Killed are in turn the sweep itself and one of its workers, and with Dask the scheduler too.
"""

import multiprocessing
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
import torch
from kill_and_resume import RECIPE as TWO_IDS

from asdkit import sound
from asdkit.__main__ import main as command

RECIPE = TWO_IDS | {"ids": 1}
SYSTEMS = [f"arcface margin={margin} encoder=Toy dim=16 seconds=1.0" for margin in (0, 0.7)]
PORT = 28786
ADDRESS = f"tcp://127.0.0.1:{PORT}"


def begin(home, out, how):
    words = ["sweep", *SYSTEMS, "mean_gaussian seconds=1.0", "--seeds", "5", "--epochs", "40"]
    words += ["--data", home / "small", "--device", "cpu", "--out", home / out, *how]
    process = multiprocessing.get_context("fork").Process(
        target=lambda: sys.exit(command(list(map(str, words))))
    )
    process.start()
    return process


def is_worker(process):
    try:
        return "loky.backend.popen" in " ".join(process.cmdline())
    except psutil.Error:  # it has ended meanwhile
        return False


class Joblib:
    how = ("--jobs", 2)
    victims = ("sweep", "worker")

    def workers(self, sweep):
        return list(filter(is_worker, psutil.Process(sweep.pid).children()))

    def mend(self):
        pass

    end = mend


class Dask:
    how = ("--scheduler", ADDRESS)
    victims = ("sweep", "worker", "scheduler")

    def __init__(self):
        self.scheduler, self.own = None, []

    def workers(self, _):
        return self.own

    def mend(self):
        """Start what was killed, or ended as its scheduler did."""
        if self.scheduler is None or self.scheduler.poll() is not None:
            choices = ["--host", "127.0.0.1", "--port", PORT, "--no-dashboard"]
            self.scheduler = self._start("scheduler", *choices)
            for one in self.own:  # which wait for the old one
                one.kill()
                one.wait()
        self.own = [one for one in self.own if one.poll() is None]
        while len(self.own) < 2:
            choices = ["--nthreads", 1, "--no-nanny", "--no-dashboard", "--memory-limit", 0]
            self.own.append(self._start("worker", ADDRESS, *choices))

    def end(self):
        for one in (*self.own, self.scheduler):
            one.kill()

    def _start(self, role, *words):
        command = [sys.executable, "-m", f"distributed.cli.dask_{role}", *map(str, words)]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def finished(folder):
    """The finished cells, and when each was written."""
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("cells/*.safetensors")}


def tables(folder):
    """The results without their seconds, and the scores without the command."""
    results = (folder / "results.csv").read_text().splitlines()
    scores = (folder / "small.csv").read_text().splitlines()
    return [line.rsplit(",", 1)[0] for line in results], scores[1:]


def kill(victim, pool, sweep):
    """Kill one, and the sweep where that goes on, so that each kill is resumed."""
    if victim == "worker":
        for one in list(pool.workers(sweep))[:1]:
            one.kill()
    elif victim == "scheduler":
        pool.scheduler.kill()
    sweep.join(0 if victim == "sweep" else 1)
    sweep.kill()
    sweep.join()


def works(folder, since):
    """Whether a cell was begun, gone on with or finished since then."""
    there = [path for path in folder.glob("cells/*") if path.name not in ("lock", "holder.json")]
    return any(path.exists() and path.stat().st_mtime > since for path in there)


def alone(home, name, how):
    """The seconds of a sweep that is left alone, once its first cell has begun."""
    since = time.time()
    sweep = begin(home, name, how)
    while sweep.is_alive() and not works(home / name, since):
        time.sleep(0.05)
    first = time.time()
    sweep.join()
    return time.time() - first


def resumed(home, name, pool, moments):
    """Whether a sweep that was killed so often ends as one left alone, and lost nothing."""
    out, kept = home / name, {}
    for number, moment in enumerate(moments):
        pool.mend()
        victim, since = pool.victims[number % len(pool.victims)], time.time()
        sweep = begin(home, name, pool.how)
        while moment > 0 and sweep.is_alive() and not works(out, since):
            time.sleep(0.05)
        sweep.join(abs(moment))
        told = f"killed the {victim}" if sweep.is_alive() else "had ended"
        if sweep.is_alive():
            kill(victim, pool, sweep)
        now = finished(out)
        lost = sum(now.get(cell) != written for cell, written in kept.items())
        when = (
            f"{moment:5.1f} s into its work" if moment > 0 else f"{-moment:5.1f} s after its start"
        )
        place = f"{name} {number + 1:3d}  {when:21}  {told:20}"
        print(f"{place}  {len(now):2d} cells finished, {lost} lost", flush=True)
        kept = now
    pool.mend()
    begin(home, name, pool.how).join()
    return tables(out) == tables(home / "alone") and kept.items() <= finished(out).items()


def main(kills=10):
    torch.set_num_threads(1)
    chance, same = np.random.default_rng(0), []
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        sound.synthesize(home / "small", RECIPE)
        alone(home, "alone", ())
        for kind in (Joblib, Dask):
            pool, name = kind(), kind.__name__.lower()
            try:
                pool.mend()
                lasts = alone(home, f"{name}_alone", pool.how)
                print(f"{name}, left alone: {lasts:.1f} s of work")
                moments = chance.uniform(0, 2 * lasts / kills, kills)
                moments[::4] *= -1  # of these it is counted from the start, before any cell
                same.append(resumed(home, name, pool, moments))
                print(f"{name}: the tables are those of one process left alone: {same[-1]}")
            finally:
                pool.end()
        return 0 if all(same) else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
