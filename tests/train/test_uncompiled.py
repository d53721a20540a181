"""torch's optimizers without its compiler: the same steps, and nothing of it loaded."""

import subprocess
import sys

import pytest
import torch

from asdkit.train.uncompiled import Adam, AdamW

LOADED = """
import sys, torch
from asdkit import encoders, losses, train

train.fit(torch.nn.Linear(4, 2), losses.AdaCos(2, 3), torch.rand(6, 4), torch.arange(6) % 3)
print("torch._dynamo" in sys.modules)
"""


@pytest.mark.parametrize("own, plain", [(Adam, torch.optim.Adam), (AdamW, torch.optim.AdamW)])
def test_the_steps_are_torchs_own_to_the_last_bit(own, plain):
    weights = []
    for make in (own, plain):
        weight = torch.linspace(-1, 1, 5).requires_grad_()
        optimizer = make([weight], lr=0.1, weight_decay=0.01, fused=True)
        for _ in range(3):
            optimizer.zero_grad()
            (weight**3).sum().backward()
            optimizer.step()
            optimizer.load_state_dict(optimizer.state_dict())
        assert weight.requires_grad and weight.grad_fn is None
        weights.append(weight.detach())
    assert torch.equal(*weights)


def test_a_training_loads_no_compiler():
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
