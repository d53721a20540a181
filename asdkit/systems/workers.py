"""How the cells of a sweep are run: in turn, by joblib on one machine, or by Dask on several."""

import logging
import os
import pickle
import threading
import time
import warnings
from functools import cache

from .cells import Ears, run

ROUNDS = 3  # in which workers died and no cell was finished
PATIENCE = 5.0  # seconds between looks at a scheduler
WAIT = 60.0  # seconds for a scheduler's first worker
NO_WORKER = (
    "the scheduler at {0} has no worker: start one with 'dask worker {0} --nthreads 1'; the same "
    "command goes on"
)
SPEAKS = ("dask", "distributed")  # what both ends must have alike


def results(cells, setting, jobs=1, scheduler=None):
    """Run cells, and give each with its result as soon as it is there.

    Shapes: -> pairs of a Cell and a dict, as ``cells.run`` leaves it.
    Raises: ValueError where workers die again and again, or the scheduler is not to be had.
    Choices: with several ``jobs`` or a scheduler the order is that of finishing. Names, settings
        and paths go to a worker, and seconds or a sentence come back: clips are read, and scores
        written, where the worker is. Each worker hears the clips once for itself.
    """
    if scheduler is not None:
        return _by_dask(cells, setting, scheduler)
    if jobs > 1:
        return _by_joblib(cells, setting, jobs)
    return _in_turn(cells, setting)


def weight(cells, setting):
    """The bytes that go to a worker for a cell: the mean of some, as they are sent.

    Shapes: -> a whole number.
    """
    return sum(len(pickle.dumps((cell.to_json(), setting))) for cell in cells) // len(cells)


def _in_turn(cells, setting):
    ears = Ears()
    for cell in cells:
        yield cell, run(cell.to_json(), setting, ears)


def _by_joblib(cells, setting, jobs):
    """Each round goes on with what is left; one worker's death ends the round of all."""
    from joblib import Parallel, delayed
    from joblib.externals.loky import get_reusable_executor
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    left, idle = dict(enumerate(cells)), 0
    safe = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"  # or a joblib.py of the current folder would be a worker
    try:
        while left:
            pool = Parallel(jobs, batch_size=1, pre_dispatch="all", return_as="generator_unordered")
            tasks = [
                delayed(_numbered)(number, cell.to_json(), setting, os.getpid())
                for number, cell in left.items()
            ]
            try:
                for number, answer in pool(tasks):
                    idle = 0
                    yield left.pop(number), _told(answer)
            except TerminatedWorkerError as error:
                idle += 1
                if idle == ROUNDS:
                    raise ValueError(
                        f"workers died {ROUNDS} times and no cell was finished: look for a full "
                        "memory, and take fewer --jobs; the same command goes on"
                    ) from error
    finally:
        get_reusable_executor().shutdown(wait=False, kill_workers=True)
        os.environ.pop("PYTHONSAFEPATH")
        os.environ |= {} if safe is None else {"PYTHONSAFEPATH": safe}


def _numbered(number, told, setting, parent):
    """A cell in a worker of joblib, which ends when its sweep does."""
    if os.getpid() != parent:  # where no processes can be had, joblib takes this one
        _attend(parent)
    return number, _run(told, setting)


def _run(told, setting):
    """A cell in another process: its result, and the words of its warnings."""
    with warnings.catch_warnings(record=True) as caught:
        return run(told, setting), [str(one.message) for one in caught]


def _told(answer):
    """The result of a cell; what another process was warned of is warned of here."""
    result, words = answer
    for message in words:
        warnings.warn(message, stacklevel=2)
    return result


@cache
def _attend(parent):
    """Be quiet, and end when the sweep does, however that ends."""
    os.environ["ASDKIT_PROGRESS"] = "0"

    def watch():
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _by_dask(cells, setting, address):
    """Dask runs the cell of a dead worker again by itself."""
    try:
        from distributed import Client, wait
        from distributed.client import FuturesCancelledError
    except ImportError as error:
        raise ValueError('--scheduler needs Dask: pip install -e ".[dask]"') from error
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # it is said in a sentence
    client, lonely = _client(Client, address), 0.0
    try:
        left = {client.submit(_run, cell.to_json(), setting, pure=False): cell for cell in cells}
        while left:
            try:
                done = wait(list(left), timeout=PATIENCE, return_when="FIRST_COMPLETED").done
            except TimeoutError:
                done, there = (), client.scheduler_info()["workers"]
                lonely = 0.0 if there else lonely + PATIENCE
                if lonely >= WAIT:
                    raise ValueError(NO_WORKER.format(address)) from None
            except FuturesCancelledError as error:
                raise ValueError(
                    f"the scheduler at {address} went away: what is finished is kept; start it "
                    "again, and the same command goes on"
                ) from error
            for future in done:
                yield left.pop(future), _result(future)
    finally:
        client.close(timeout=2)


def _client(Client, address):
    """A client of a scheduler that speaks the same version and has a worker, or soon gets one."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # versions are compared below
            client = Client(address, timeout=10)
    except (OSError, ValueError, ImportError, TypeError) as error:
        raise ValueError(
            f"no scheduler that this Dask understands answers at {address}: give the address that "
            "'dask scheduler' prints, such as tcp://host:8786"
        ) from error
    try:
        check_versions(client.get_versions())
        client.wait_for_workers(1, timeout=WAIT)
        return client
    except BaseException as error:
        client.close(timeout=2)
        if isinstance(error, TimeoutError):
            raise ValueError(NO_WORKER.format(address)) from error
        raise


def check_versions(told):
    """Check that a scheduler and its workers have the versions of this machine.

    Shapes: ``told``, what ``Client.get_versions`` tells.
    Raises: ValueError for the first that differs.
    """
    ours = told["client"]["packages"]
    others = {"the scheduler": told["scheduler"]}
    others |= {f"the worker {name}": worker for name, worker in told["workers"].items()}
    for who, other in others.items():
        for name in SPEAKS:
            its = other["packages"].get(name)
            if its != ours[name]:
                raise ValueError(
                    f"{who} has {name} {its}, and this machine {ours[name]}: install the same on "
                    "both (constraints.txt)"
                )


def _result(future):
    from distributed.scheduler import KilledWorker

    try:
        return _told(future.result())
    except KilledWorker:
        return {
            "fault": "its workers died one after the other: look for a full memory, and give them "
            "more (--memory-limit)"
        }
    except ModuleNotFoundError as error:
        return {"fault": f"a worker does not find {error.name}: install asdkit there"}
