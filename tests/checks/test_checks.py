"""Checks of all exercises: right answers pass, stubs go on, wrong ones get a hint that helps."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import torch

from asdkit import checks, encoders, features, figures, losses, mixup
from asdkit.losses.scale import log_mean_exp_sum


def tables(name):
    """The dicts RIGHT and WRONG of all files of answers as one, exercise -> its answers."""
    merged = {}
    for path in sorted((Path(__file__).parent / "answers").glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"answers_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        merged |= getattr(module, name)
    return merged


RIGHT, WRONG = tables("RIGHT"), tables("WRONG")


def number(exercise):
    return exercise[3:].replace("_", ".")


@pytest.mark.parametrize("exercise", RIGHT)
def test_right_answers_pass(exercise):
    for place, function in enumerate(RIGHT[exercise]):
        verdict = getattr(checks, exercise)(function)
        assert verdict and verdict.state == "right", (place, verdict)
        assert repr(verdict).startswith(f"✓ Exercise {number(exercise)}: right. "), place


@pytest.mark.parametrize("exercise", RIGHT)
def test_an_untouched_stub_is_not_attempted(exercise):
    verdict = getattr(checks, exercise)(lambda *inputs: ...)
    assert not verdict and verdict.state == "not attempted"
    assert repr(verdict) == f"· Exercise {number(exercise)}: not attempted."


@pytest.mark.parametrize("exercise", WRONG)
def test_each_wrong_answer_gets_its_hint(exercise, recwarn):
    for hint, function in WRONG[exercise].items():
        verdict = getattr(checks, exercise)(function)
        assert not verdict and verdict.state == "wrong", (hint, verdict)
        assert hint in verdict.message, (hint, verdict)
        assert repr(verdict) == f"✗ Exercise {number(exercise)}: {verdict.message}", hint
        assert not recwarn.list, (hint, str(recwarn.list[0].message))


def test_each_exercise_has_right_and_wrong_answers():
    exercises = {name for name in checks.__all__ if name.startswith("ex_")}
    assert exercises == set(RIGHT) == set(WRONG)
    assert all(RIGHT.values()) and min(map(len, WRONG.values())) >= 4


def test_the_line_of_an_error_counts_from_the_def():
    def learner(label, score):
        first = label * 2
        return first @ score[:1]

    assert "stopped with ValueError, in line 3 of it" in checks.ex_00_3(learner).message


def test_an_answer_that_changes_its_inputs_changes_no_later_check():
    scale = RIGHT["ex_08_2"][0]

    def learner(cosine, old, median):
        new = scale(cosine, old, median)
        cosine[:] = 0
        return new

    assert checks.ex_08_2(learner) and checks.ex_08_2(scale)


def test_the_same_answer_gets_the_same_verdict():
    wrong = WRONG["ex_00_1"]["the square of the right value"]
    assert checks.ex_00_1(wrong) == checks.ex_00_1(wrong)


def test_the_check_of_leaks_holds_copies_at_other_levels_and_look_alikes():
    from asdkit.checks.ex_01 import _cosines, _leaked, _split

    train, test = _split(0)
    exact = (test[:, None] == train).all(axis=2).any(axis=1)
    assert exact.sum() == 1 and _leaked(train, test).sum() == 2
    assert ((_cosines(train, test).max(axis=1) > 0.5) & ~_leaked(train, test)).any()


def test_the_frames_of_exercise_04_3_lie_in_a_vector_as_the_front_orders_them():
    front = features.FramedLogMel(neighbors=7, mels=16, frames=21).double()
    wave = torch.randn(2, 20 * 512, generator=torch.Generator().manual_seed(0)).double()
    x, rows = front.log_mel(wave), front(wave)
    wanted = x[:, :, 3:-3] - (x[:, :, 2:-4] + x[:, :, 4:-2]) / 2
    for answer in RIGHT["ex_04_3"][:3]:
        flat = rows.flatten(0, 1) if answer is RIGHT["ex_04_3"][2] else rows.flatten(0, 1).numpy()
        given = torch.as_tensor(answer(flat, 16)).unflatten(0, rows.shape[:2])
        torch.testing.assert_close(given, wanted.mT)


def test_the_bound_of_exercise_08_4_holds_and_the_printed_one_does_not():
    bound = RIGHT["ex_08_4"][0]
    rng = np.random.default_rng(0)
    broken = 0
    for _ in range(200):
        logits = rng.uniform(1, 40) * rng.uniform(-1, 1, size=(6, 10))
        exact = log_mean_exp_sum(torch.tensor(logits)).item()
        assert bound(logits, 1.0) <= exact + 1e-12
        broken += logits.sum(axis=1).mean() > exact
    assert broken > 0


def test_the_number_of_exercise_09_4_is_that_of_the_interval_of_the_library():
    from asdkit import metrics

    n, label = 40, np.repeat([0, 1], 40)
    normal = np.linspace(0, 1, n)
    score = np.concatenate([normal, normal + 0.237])
    auc = metrics.auc(label, score)
    low, high = metrics.interval(label, score, method="hanley")
    assert high - auc == pytest.approx(auc - low)  # not cut at 1
    for answer in RIGHT["ex_09_4"]:
        assert answer(auc, high - auc + 1e-4) == n
        assert answer(auc, high - auc - 1e-4) == n + 1


def test_the_energy_of_exercise_10_1_is_that_of_the_library():
    rng = np.random.default_rng(0)
    x, basis = rng.normal(size=(9, 6)), np.linalg.qr(rng.normal(size=(6, 2)))[0].T
    points = [some / np.linalg.norm(some, axis=1)[:, None] for some in (x, x @ basis.T @ basis)]
    inside = losses.energy_inside(torch.tensor(x), torch.tensor(basis[None].copy()))[:, 0]
    asked = RIGHT["ex_10_1"][0](np.square(points[0] - points[1]).sum(axis=1))
    assert asked == pytest.approx(inside.numpy())


def test_the_slope_of_exercise_10_2_is_0_inside_and_at_right_angles_to_x():
    rng = np.random.default_rng(0)
    x, basis = rng.normal(size=(9, 6)), np.linalg.qr(rng.normal(size=(6, 2)))[0].T
    slope = RIGHT["ex_10_2"][0]
    assert (slope(x, basis) * x).sum(axis=1) == pytest.approx(0, abs=1e-12)
    assert slope(x @ basis.T @ basis, basis) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("cells", "p"),
    [((80.6, 0.8, 80.0, 1.4), 0.26), ((73.6, 0.7, 73.0, 0.4), 0.033),
     ((71.4, 1.0, 70.9, 0.9), 0.26), ((69.8, 1.3, 68.0, 1.6), 0.013)],
)  # fmt: skip
def test_exercise_10_4_gives_the_p_of_the_printed_leads(cells, p):
    """AdaProj's AUC regardless of domain, against the best other loss of each set."""
    for welch in RIGHT["ex_10_4"]:
        assert float(welch(*cells, 10)) == pytest.approx(p, abs=0.006)


def test_the_slopes_of_exercise_11_2_carry_the_gradient_of_arcmix_to_the_embeddings():
    loss = losses.ArcMix(6, 4, scale=9.0, margin=0.4).double()
    rng = torch.Generator().manual_seed(2)
    x = torch.randn(7, 6, generator=rng, dtype=torch.float64, requires_grad=True)
    y, other = torch.randint(4, (2, 7), generator=rng)
    lam = torch.rand(7, generator=rng, dtype=torch.float64)
    angle = torch.arccos(losses.cosine(x, loss.centers.detach()))
    assert angle.max() < torch.pi - 0.4  # where the guard changes nothing
    inputs = [some.detach().numpy() for some in (angle, y, other, lam)]
    slope = torch.tensor(RIGHT["ex_11_2"][0](*inputs, 9.0, 0.4))
    (asked,) = torch.autograd.grad(angle, x, slope, retain_graph=True)
    (given,) = torch.autograd.grad(loss.each(x, mixup.Mix(y, other, lam)).sum(), x)
    torch.testing.assert_close(asked, given)


def test_the_slopes_of_exercise_16_3_carry_the_gradient_of_the_loss_to_the_embeddings():
    with torch.random.fork_rng([]):
        torch.manual_seed(0)
        loss = losses.MixedMargin(6, 4, scale=9.0, margin=0.4).double()
    rng = torch.Generator().manual_seed(3)
    x = torch.randn(7, 6, generator=rng, dtype=torch.float64, requires_grad=True)
    label = mixup.Mix(
        *torch.randint(4, (2, 7), generator=rng), torch.rand(7, generator=rng).double()
    )
    angle = torch.arccos(losses.cosine(x, loss.centers.detach()))
    assert angle.max() < torch.pi - 0.4  # where the guard changes nothing
    slope = RIGHT["ex_16_3"][0](angle.detach().numpy(), label.soft(4).numpy(), 9.0, 0.4)
    (asked,) = torch.autograd.grad(angle, x, torch.tensor(slope), retain_graph=True)
    (given,) = torch.autograd.grad(loss.each(x, label).sum(), x)
    torch.testing.assert_close(asked, given)


def test_the_angle_of_exercise_16_2_is_where_the_loss_of_the_kit_comes_to_rest():
    angle, lam = np.radians(np.arange(0.25, 90, 0.25)), np.array([0.1, 0.4, 0.9])
    told = RIGHT["ex_16_2"][0](lam, 0.7, 30.0)
    for share, wanted in zip(lam, told):
        slopes = figures.margin_slopes(angle, share, losses={"": losses.MixedMargin})[""]
        assert figures.rests(angle, slopes) == pytest.approx(wanted, abs=1e-3)


def test_the_gain_of_exercise_11_4_opens_the_attention_for_half_of_the_frames():
    log_mel = 20 * torch.randn(5, 8, 31, dtype=torch.float64) - 12
    for answer in RIGHT["ex_11_4"][:2]:
        some = log_mel.numpy() if answer is RIGHT["ex_11_4"][0] else log_mel
        gain = torch.as_tensor(answer(some))[:, None, None]
        for more, opened in ((-1e-6, False), (1e-6, True)):
            open_frames = encoders.temporal_attention(log_mel + gain + more) > 0.5
            assert ((open_frames.double().mean(dim=1) > 0.5) == opened).all()
