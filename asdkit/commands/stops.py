"""What ends a command before its work is done: Ctrl-C, and how a system ends its processes."""

import signal
import threading
from contextlib import contextmanager

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # of which Windows has no last


@contextmanager
def stoppable():
    """Let a signal that ends a process raise KeyboardInterrupt, so that nothing is left half-done.

    Shapes: -> the numbers of the signals that have come.
    Choices: what is ignored stays so, as under nohup. Another one while the work is put down is as
        good as the first.
    """
    came, before = [], {}

    def stop(number, frame):
        came.append(number)
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread():
        numbers = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]
        wanted = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
        before = {number: signal.signal(number, stop) for number in wanted}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)
