"""Kernels that start warm: they hold what others wrote, nothing of asdkit, and end when told to."""

import os
import sys
import time

import pytest
import warm
from jupyter_client import KernelManager

SAID = "import os, sys; print('torch' in sys.modules, 'asdkit' in sys.modules)"


@pytest.mark.skipif(sys.platform != "linux", reason="kernels start warm where a fork is safe")
def test_a_kernel_has_imported_all_but_the_kit_and_ends(monkeypatch, tmp_path):
    for name, value in warm.variables().items():
        monkeypatch.setenv(name, value)
    manager, said = KernelManager(kernel_name="python3"), []
    manager.start_kernel(cwd=str(tmp_path), env=os.environ | {"OF_TEST": "1"})
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=120)
    for code in (SAID, "print(os.getcwd(), os.environ['OF_TEST'])", "print(os.getpid())"):
        client.execute_interactive(
            code, timeout=60, output_hook=lambda told: said.append(told["content"].get("text"))
        )
    words = "".join(filter(None, said)).split()
    assert words[:-1] == ["True", "False", str(tmp_path), "1"]
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    ends = time.monotonic() + 30
    while _lives(int(words[-1])) and time.monotonic() < ends:
        time.sleep(0.1)
    assert not _lives(int(words[-1]))


def _lives(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
