"""What would be refused in training only, found before hours of reading."""

from copy import deepcopy

import torch


@torch.no_grad()
def rehearse(network, y, domain, held_out=()):
    """Refuse what would be refused in training only, after all clips were read.

    Shapes: ``y`` (N,) class indices or roles of the training clips; ``domain`` (n,) of those that
        the backend is fitted to; ``held_out`` the groups of the clips that it is not.
    Raises: ValueError for settings of backend, batches, mixing, optimizer or schedule that cannot
        be, roles that cannot be learned from, batches that the encoder cannot be trained on, or
        where the backend needs more groups or held-out clips than there are, or a domain of each
        clip, and one has none.
    """
    backend, name = network.backend, network.system.backend.name
    backend.check()
    network.check_several(network.groups * 2)
    network.check_several(held_out)
    if len(network.groups) < backend.fewest_groups:
        raise ValueError(
            f"the backend {name} compares groups, and this network has "
            f"{network.groups[0]} alone: choose another backend, or give it more groups"
        )
    if backend.needs_domain and domain.isna().any():
        raise ValueError(
            f"the backend {name} tells source from target clips, and a "
            "training clip has no domain: name it in the file, or choose another backend"
        )
    if network.loss is None:
        return
    if hasattr(network.loss, "check_labels"):
        network.loss.check_labels(y)
    system, chance = network.system, torch.Generator()
    batches = system.batches.build(batch_size=system.batch_size)
    batches(y, generator=chance)
    rows = y.repeat_interleave(network.front.hears.shape[1]) if network.front.rows else y
    if min(map(len, batches(rows, generator=chance))) == 1:
        _train_on_one(network, len(rows))
    system.optimizer.build()(network.encoder, network.loss)
    if system.mixing is not None:
        system.mixing.build()(network.front.hears, y[:1], generator=chance)
    if system.schedule is not None:
        system.schedule.build()(0.0)


def _train_on_one(network, count):
    """Let a copy of the encoder hear one silent clip as in training."""
    heard = network.front.hears
    try:
        deepcopy(network.encoder).train()(heard[:, 0] if network.front.rows else heard)
    except ValueError as error:  # of a batch norm, which has no spread to divide by
        size = network.system.batch_size
        raise ValueError(
            f"{network.system.encoder.name} does not train on a batch of one, which "
            f"batch_size={size} makes of {count}: give batch_size={max(size + 1, 3)} or more"
        ) from error
