"""torch's optimizers without torch's compiler, which takes as long to load as all the rest."""

import inspect

import torch

GUARDED = ("add_param_group", "zero_grad", "state_dict", "load_state_dict")


def uncompiled(optimizer):
    """An optimizer's class whose methods do not load ``torch._dynamo`` to keep it away from them.

    Choices: each method is torch's own, without what is wrapped around it; so the numbers are too.
        What torch wraps around a step turns gradients off, which is done here. To compile a step of
        training, take the class as torch has it.
    Example:
        >>> adam = uncompiled(torch.optim.Adam)([torch.ones(1, requires_grad=True)])
        >>> adam.step()
        >>> isinstance(adam, torch.optim.Adam)
        True
    """
    own = {name: inspect.unwrap(getattr(optimizer, name)) for name in GUARDED}
    own["step"] = torch.no_grad()(inspect.unwrap(optimizer.step))
    return type(optimizer.__name__, (optimizer,), own)


Adam, AdamW = uncompiled(torch.optim.Adam), uncompiled(torch.optim.AdamW)
