"""Kill the commands that write, at random moments, look at what is left, call them again until they
end, and compare with one that was left alone.

    python tests/benchmarks/kill_everything.py [kills in all]

Killed are in turn ``asdkit run``, ``sweep``, ``data synth``, ``data download`` (of a server on this
machine) and ``map``, each of which is then called again in the same place.
"""

import hashlib
import io
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import threading
import time
import zipfile
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pandas as pd
import torch
import umap
from kill_and_resume import RECIPE as TWO_IDS
from kill_and_resume import same as same_tensors
from PIL import Image

from asdkit import controls, embeddings, figures, projection, sound, views
from asdkit.__main__ import main as command
from asdkit.drafts import MARK
from asdkit.tensorfile import read_tensors

LOADED = (controls, embeddings, figures, projection, umap, views)  # as a fork has them at once
RECIPE, TOY = TWO_IDS | {"ids": 1}, "encoder=Toy dim=16 seconds=1.0"
RUN = [*TOY.split(), "sub_clusters=4"]
RECORD, BLOCKS, PAUSE = 7882613, 40, 0.03  # of the server: it sends 40 blocks, a second in all


class Site(BaseHTTPRequestHandler):
    """A server of one record with one archive, which takes its time and goes on where it is told
    to.
    """

    def do_GET(self):
        if self.path.endswith("content"):
            return self.send_slowly(self.archive)
        told = {"key": "dev_fan.zip", "size": len(self.archive)}
        told["checksum"] = "md5:" + hashlib.md5(self.archive).hexdigest()
        self.send_slowly(json.dumps({"metadata": {}, "files": [told]}).encode())

    def send_slowly(self, body):
        begin = int(self.headers.get("Range", "bytes=0-")[6:-1])
        self.send_response(206 if begin else 200)
        if begin:
            self.send_header("Content-Range", f"bytes {begin}-{len(body) - 1}/{len(body)}")
        self.send_header("Content-Length", str(len(body) - begin))
        self.end_headers()
        step = max(len(body) // BLOCKS, 2**16)
        with suppress(ConnectionError):  # whoever asked was killed
            for place in range(begin, len(body), step):
                self.wfile.write(body[place : place + step])
                time.sleep(PAUSE)

    def log_message(self, *_):
        pass


def serve(data):
    """The address of a server with the clips of one machine."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted((data / "fan").rglob("*.wav")):
            archive.write(path, path.relative_to(data))
    Site.archive = packed.getvalue()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def commands(home):
    """The words of each command by its name, for a place to write to."""
    data, recipe, site = home / "data", home / "recipe.toml", serve(home / "data")
    recipe.write_text(toml(RECIPE))
    run = ["subcluster_adacos", "--data", data, "--epochs", 12, "--device", "cpu", "--embeddings"]
    systems = [f"arcface margin=0.7 {TOY}", "mean_gaussian seconds=1.0"]
    sweep = [*systems, "--data", data, "--seeds", 2, "--epochs", 8, "--device", "cpu"]
    return {
        "run": lambda out: ["run", *run, "--out", out, "--set", *RUN],
        "sweep": lambda out: ["sweep", *sweep, "--out", out],
        "data synth": lambda out: ["data", "synth", recipe, out / "set"],
        "data download": lambda out: ["data", "download", 2023, out, "--site", site],
        "map": lambda out: ["map", data, "--out", out / "map.html", "--neighbors", 5],
    }


def toml(recipe):
    """A recipe as the text of its file."""
    return "\n".join(f"{name} = {inline(value)}" for name, value in recipe.items())


def inline(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {inline(one)}" for name, one in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(inline, value))}]"
    return json.dumps(value)


def begin(words, cache):
    process = multiprocessing.get_context("fork").Process(target=quietly, args=(words, cache))
    process.start()
    return process


def quietly(words, cache):
    os.environ["ASDKIT_CACHE"] = str(cache)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    os._exit(command(list(map(str, words))))


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def is_hidden(path, folder):
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def is_whole(path):
    """Whether a visible file can be read from its start to its end."""
    try:
        if path.suffix == ".safetensors":
            kind = {"detector": "detector", "run": "run"}.get(path.stem)
            read_tensors(path, kind or ("map" if path.parent.name == "maps" else "cell"))
        elif path.suffix == ".png":
            Image.open(path).load()
        elif path.suffix == ".json":
            json.loads(path.read_text())
        elif path.suffix == ".csv":
            pd.read_csv(path, comment="#")
        elif path.suffix == ".npz":
            embeddings.read(path)
        elif path.suffix == ".wav":
            sound.load(pd.DataFrame({"path": [str(path)]}), seconds=1.0)
        return path.suffix != ".html" or path.read_text().rstrip().endswith("</html>")
    except (OSError, ValueError):
        return False


def broken(folder):
    """The visible files that are not whole; an archive on its way is meant to be so."""
    return [
        path for path in files(folder)
        if not is_hidden(path, folder) and path.suffix != ".part" and not is_whole(path)
    ]  # fmt: skip


def compared(folder):
    """What two calls must leave alike: all names, and all bytes but those that tell of time."""
    told = {}
    for path in files(folder):
        name = path.relative_to(folder).as_posix()
        if path.name in ("cost.json", "run.json", "sweep.json") or path.suffix == ".safetensors":
            told[name] = ""  # of which same_tensors compares what is in them
        elif path.name == "results.csv":
            told[name] = pd.read_csv(path).drop(columns="seconds").to_csv()
        elif path.suffix == ".npz":
            known = embeddings.read(path)
            told[name] = {key: value.tolist() for key, value in known.items()}
        elif path.suffix == ".csv":
            lines = path.read_text().splitlines()
            told[name] = [line for line in lines if not line.startswith("#")]
        else:
            told[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return told


def is_same(one, other, name):
    if compared(one) != compared(other):
        return False
    return name != "run" or same_tensors(one, other)[1]


def killed(name, words, home, kills, chance):
    """Whether a command that was killed so often leaves nothing broken, and ends as one left
    alone.
    """
    place = home / name.replace(" ", "_")
    alone, out = [Path(f"{place}_{end}") for end in ("alone", "killed")]
    for folder in (alone, out):
        folder.mkdir()
    began = time.monotonic()
    process = begin(words(alone / "out"), alone / "cache")
    process.join()
    lasts, bad, done, drafts, locks = time.monotonic() - began, 0, 0, 0, 0
    assert process.exitcode == 0, name
    ends = []
    while done < kills:
        process = begin(words(out / "out"), out / "cache")
        process.join(chance.uniform(0, lasts))
        done += process.is_alive()
        process.kill()
        process.join()
        bad += len(broken(out))
        drafts = max(drafts, len(list(out.rglob(f"{MARK}????????????????"))))
        locks += any(path.name.endswith(".lock") for path in files(out))
        if process.exitcode == 0 or (out / "out" / "set").exists():
            ends.append(is_same(alone, out, name))
            shutil.rmtree(out)
            out.mkdir()
    process = begin(words(out / "out"), out / "cache")
    process.join()
    ends.append(process.exitcode == 0 and is_same(alone, out, name))
    print(
        f"{name:13}  left alone {lasts:5.1f} s  killed {kills:3d} times  broken files {bad}  "
        f"drafts at most {drafts}  with a lock {locks:3d}  ended as one left alone: "
        f"{sum(ends)} of {len(ends)}",
        flush=True,
    )
    return all(ends) and not bad


def main(kills=100):
    torch.set_num_threads(1)
    chance = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        sound.synthesize(home / "data", RECIPE)
        each = {name: len(part) for name, part in zip(
            ("run", "sweep", "data synth", "data download", "map"),
            np.array_split(np.arange(kills), 5),
        )}  # fmt: skip
        told = commands(home)
        done = [killed(name, told[name], home, count, chance) for name, count in each.items()]
        return 0 if all(done) else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
