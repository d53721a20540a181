"""One thread a test process: several processes share the machine, and threads that wait for each other cost most."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("ASDKIT_PROGRESS", "0")
