"""What a run tells of clips. That it goes on bit for bit is tested with the loop."""

import torch

from asdkit import encoders, losses, train


def test_a_run_names_and_embeds_clips():
    inputs, y = torch.randn(24, 4, 5), torch.arange(24) % 3
    parts = encoders.Toy(3, bands=4), losses.L2Softmax(3, 3, alpha=8.0)
    run = train.fit(*parts, inputs, y, epochs=2)
    x = run.embed(inputs)
    assert torch.equal(x, train.embed(run.encoder, inputs))
    assert torch.equal(run.named(inputs), run.loss.probabilities(x).argmax(dim=1))
