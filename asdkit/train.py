"""One readable training loop, which resumes to the same weights after any interruption."""

import math
from pathlib import Path

import torch
from torch import nn

from .run import Run, settings
from .runtime import device as choose_device
from .runtime import progress


def adam(encoder, loss, lr=1e-3, decay=1e-5):
    r"""Adam with $10^{-5} \|W\|^2$ added to the loss for the kernels of convolutions and dense layers.

    Paper: [SCA] IV-B.
    Choices: biases, batch norm and centers carry no penalty, as in the code; the gradient of the penalty is
        2e-5 W, which torch calls a weight decay of 2e-5.
    Example:
        >>> optimizer = train.adam(encoders.Toy(), losses.SubClusterAdaCos(dim=2, classes=3))
        >>> [group["weight_decay"] for group in optimizer.param_groups]  # of kernels, and of the rest
        [2e-05, 0]
    Notebook: 00_start_here
    """
    kernels = [module.weight for module in encoder.modules() if isinstance(module, nn.Conv1d | nn.Conv2d | nn.Linear)]
    known = {id(kernel) for kernel in kernels}
    rest = [p for part in (encoder, loss) for p in part.parameters() if p.requires_grad and id(p) not in known]
    groups = [{"params": kernels, "weight_decay": 2.0 * decay}, {"params": rest}]
    return torch.optim.Adam([group for group in groups if group["params"]], lr=lr, fused=True)


def fit(
    encoder, loss, waves, y, *, features=None, mixing=None, epochs=10, batch_size=64,
    optimizer=adam, device=None, seed=0, snapshots=(), folder=None,
):  # fmt: skip
    """Train encoder and loss together.

    Paper: [SCA] IV-B: Adam, batches of 64, 400 epochs, mixed clips only.
    Shapes: ``waves`` (N, T), or what the encoder takes if ``features`` is None; ``y`` (N,) class indices -> Run.
    Raises: ValueError for labels of another length, no clips, or a ``folder`` that holds another or a longer run;
        FloatingPointError, after the epoch, for the first step whose loss is not finite.
    Choices: ``mixing(batch, y, generator=...)`` works on what the encoder takes; ``optimizer`` is a function of encoder
        and loss; batches are of nearly equal size. With ``folder``, the run is written there after every epoch and the
        same call goes on from it, on a CPU to the same bits: chance depends on seed and epoch alone.
    Example:
        >>> loss, y = losses.SubClusterAdaCos(4, 2, sub_clusters=2), torch.tensor([0, 1] * 3)
        >>> len(train.fit(encoders.Toy(4, bands=8), loss, torch.randn(6, 8, 5), y, batch_size=2).history)  # 10 * 3
        30
    Notebook: 00_start_here
    """
    if len(waves) != len(y) or not len(y):
        raise ValueError(f"{len(waves)} clips and {len(y)} class indices: give one for each, and at least one")
    device = choose_device(device)
    inputs = _features(waves, features).to(device)
    y = y.to(device)
    encoder, loss = encoder.to(device), loss.to(device)
    chosen = optimizer(encoder, loss)
    run = Run(encoder, loss, chosen, settings(encoder, loss, chosen, inputs, y, mixing, seed, batch_size))
    file = _go_on(run, folder, epochs)
    gpus = range(torch.cuda.device_count())
    with torch.random.fork_rng(gpus), progress(range(run.epoch, epochs), "train", unit="epoch") as bar:
        for epoch in bar:
            _epoch(run, inputs, y, epoch, mixing, batch_size, seed)
            if epoch + 1 in snapshots:
                run.snapshots[epoch + 1] = embed(encoder, inputs)
            run.epoch = epoch + 1
            if file is not None:
                run.save(file)
    encoder.eval()
    loss.eval()
    return run


def embed(encoder, inputs, batch_size=64):
    """Embeddings of clips, in evaluation mode and without gradient.

    Shapes: (N, ...) -> (N, D) on the CPU.
    Example:
        >>> train.embed(encoders.Toy(dim=4, bands=8), torch.randn(6, 8, 5)).shape
        torch.Size([6, 4])
    Notebook: 00_start_here
    """
    training = encoder.training
    encoder.eval()
    where = next(encoder.parameters(), inputs).device  # an encoder may have none
    with torch.no_grad():
        x = torch.cat([encoder(batch.to(where)).cpu() for batch in inputs.split(batch_size)])
    encoder.train(training)
    return x


def _go_on(run, folder, epochs):
    """The file of the run, and the run as far as that file has it."""
    if folder is None:
        return None
    file = Path(folder) / "run.safetensors"
    if file.exists():
        run.resume(file)
    if run.epoch > epochs:
        raise ValueError(
            f"{file} has trained {run.epoch} epochs, more than the {epochs} asked for: ask for as many, "
            "give another folder, or remove the file to start anew"
        )
    return file


def _epoch(run, inputs, y, epoch, mixing, batch_size, seed):
    chance = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
    torch.manual_seed(seed * 1_000_003 + epoch)
    run.encoder.train()
    run.loss.train()
    order = torch.randperm(len(y), generator=chance).to(y.device)
    watch = getattr(run.loss, "watched", run.loss.watch)
    rows = []
    for clips in order.tensor_split(math.ceil(len(y) / batch_size)):
        batch, label = inputs[clips], y[clips]
        if mixing is not None:
            batch, label = mixing(batch, label, generator=chance)
        run.optimizer.zero_grad()
        value = run.loss(run.encoder(batch), label)
        value.backward()
        run.optimizer.step()
        rows.append({"loss": value.detach(), **watch()})
    _record(run, epoch, rows)


def _record(run, epoch, rows):
    """Read the numbers of an epoch at once: a GPU that is asked for them at every step has to wait each time."""
    columns = {name: _numbers([row[name] for row in rows]) for name in rows[0]}
    for values in zip(*columns.values()):
        row = {"epoch": epoch, "step": len(run.rows), **dict(zip(columns, values))}
        if not math.isfinite(row["loss"]):
            raise FloatingPointError(f"the loss is {row['loss']} at step {row['step']}: {row}")
        run.rows.append(row)


def _numbers(column):
    return torch.stack(column).tolist() if isinstance(column[0], torch.Tensor) else column


def _features(waves, features):
    if features is None:
        return waves
    with torch.no_grad():
        return torch.cat([features(block) for block in waves.split(64)])
