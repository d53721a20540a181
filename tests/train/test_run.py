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


def test_a_run_of_roles_names_normal_clips_and_others():
    inputs, y = torch.randn(24, 4, 5), torch.tensor([losses.NORMAL, losses.OUTLIER] * 12)
    inputs[y == losses.NORMAL] += 1.0
    for loss in (losses.BinaryCrossEntropy(3), losses.DDCSAD(3)):
        run = train.fit(encoders.Toy(3, bands=4), loss, inputs, y, epochs=30)
        named = run.named(inputs)
        likely = run.loss.probabilities(run.embed(inputs)) > 0.5
        assert torch.equal(named, torch.where(likely, losses.NORMAL, losses.OUTLIER))
