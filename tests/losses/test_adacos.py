"""AdaCos and sub-cluster AdaCos against the paper's formulas, in loops over plain floats."""

import math

import numpy as np
import pytest
import torch
from every import every
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.utils.class_weight import compute_class_weight
from torch.nn import functional as F

from asdkit.losses import AdaCos, SubClusterAdaCos, cosine
from asdkit.mixup import Mix, mix, unmixed

few = settings(deadline=None, derandomize=True, max_examples=25)


class ByHand:
    """Eq. 4 to 9 for one batch after the other; a label is a dict of a class -> its share."""

    def __init__(self, classes, sub_clusters, variant):
        self.variant = variant
        self.scale = math.sqrt(2) * math.log(classes * sub_clusters - 1)
        self.median = math.pi / 2

    def cosines(self, x, centers):
        table = np.empty((len(x), *centers.shape[:2]))
        for i, row in enumerate(x):
            for j, clusters in enumerate(centers):
                for l, center in enumerate(clusters):
                    lengths = math.sqrt(math.fsum(row**2)) * math.sqrt(math.fsum(center**2))
                    table[i, j, l] = math.fsum(row * center) / lengths
        return table

    def adapt(self, cos, labels):
        f = [[self.scale * value for value in row.ravel()] for row in cos]
        largest = max(max(row) for row in f)
        b = math.fsum(math.exp(value - largest) for row in f for value in row) / len(f)
        own = []
        for row, label in zip(cos, labels):
            if self.variant == "paper":
                own.append(
                    sum(share * min(math.acos(c) for c in row[j]) for j, share in label.items())
                )
            else:
                clip = 1 - 1e-7
                sums = {j: sum(math.acos(min(max(c, -clip), clip)) for c in row[j]) for j in label}
                nonzero = [j for j, share in label.items() if share > 0]
                own.append(sum(label[j] * sums[j] for j in label) * len(nonzero))
        own.sort()
        rank = (len(own) - 1) // 2 if self.variant == "paper" else int(np.rint((len(own) - 1) / 2))
        self.median = own[rank]
        self.scale = (largest + math.log(b)) / math.cos(min(math.pi / 4, self.median))
        if self.variant == "code":
            self.scale += 1e-7

    def probabilities(self, cos):
        table = np.empty(cos.shape[:2])
        for i, row in enumerate(cos):
            total = math.fsum(math.exp(self.scale * c) for c in row.ravel())
            for j, clusters in enumerate(row):
                table[i, j] = math.fsum(math.exp(self.scale * c) for c in clusters) / total
        return table

    def loss(self, x, centers, labels, training=True):
        cos = self.cosines(x, centers)
        if training:
            self.adapt(cos, labels)
        p = self.probabilities(cos)
        entropies = [
            -sum(share * math.log(p[i, j]) for j, share in label.items())
            for i, label in enumerate(labels)
        ]
        return math.fsum(entropies) / len(x)


def as_dicts(y):
    mixed = unmixed(y, torch.float64)
    labels = []
    for first, second, lam in zip(mixed.y.tolist(), mixed.other.tolist(), mixed.lam.tolist()):
        label = {first: lam}
        label[second] = label.get(second, 0.0) + 1 - lam
        labels.append(label)
    return labels


def labels(kind, y, chance):
    lam = torch.rand(len(y), generator=chance, dtype=torch.float64)
    return {
        "plain": y,
        "mixed": Mix(y, y.flip(0), lam),
        "same": Mix(y, y.clone(), lam),
        "first": Mix(y, y.flip(0), torch.ones_like(lam)),
        "second": Mix(y, y.flip(0), torch.zeros_like(lam)),
    }[kind]


def make(sub_clusters=4, variant="paper", dim=5, classes=3, **choices):
    torch.manual_seed(0)
    return SubClusterAdaCos(dim, classes, sub_clusters, variant, **choices).double()


@every("kind", ["plain", "mixed", "same", "first", "second"])
@every("count", [1, 2, 6, 7, 16])
@pytest.mark.parametrize("sub_clusters", [1, 4])
@pytest.mark.parametrize("variant", ["paper", "code"])
def test_training_steps_agree_with_the_formulas(variant, sub_clusters, count, kind):
    loss, hand = make(sub_clusters, variant), ByHand(3, sub_clusters, variant)
    chance = torch.Generator().manual_seed(count)
    assert loss.scale.item() == hand.scale
    for _ in range(4):
        x = torch.randn(count, 5, generator=chance, dtype=torch.float64)
        y = labels(kind, torch.randint(3, (count,), generator=chance), chance)
        centers = loss.centers.detach().numpy()
        x_hand = x.numpy()
        value = loss(x, y)
        assert value.item() == pytest.approx(
            hand.loss(x_hand, centers, as_dicts(y)), rel=1e-12, abs=1e-12
        )
        assert loss.scale.item() == pytest.approx(hand.scale, rel=1e-12)
        assert loss.median.item() == pytest.approx(hand.median, rel=1e-12)
        assert loss.watch() == {"scale": loss.scale.item(), "median_angle": loss.median.item()}
        expected = hand.probabilities(hand.cosines(x_hand, centers))
        np.testing.assert_allclose(
            loss.probabilities(x).detach().numpy(), expected, rtol=1e-12, atol=1e-15
        )
        loss.centers.grad = None
        value.backward()
        with torch.no_grad():
            loss.centers -= 0.3 * loss.centers.grad


@pytest.mark.parametrize("variant", ["paper", "code"])
def test_tight_clusters_bring_the_median_below_a_quarter_of_pi(variant):
    """Random embeddings leave the cosine at its bound; here the median angle sets the scale."""
    loss, hand = make(1, variant), ByHand(3, 1, variant)
    y = torch.tensor([0, 1, 2, 0, 1, 2])
    x = loss.centers.detach()[y, 0] + 0.1 * torch.randn(6, 5, dtype=torch.float64)
    expected = hand.loss(x.numpy(), loss.centers.detach().numpy(), as_dicts(y))
    assert loss(x, y).item() == pytest.approx(expected, rel=1e-12)
    assert hand.median < math.pi / 4
    assert loss.scale.item() == pytest.approx(hand.scale, rel=1e-12)


def test_medians_are_ranked_as_each_variant_says():
    """N = 64, 16 and 6: ranks 32, 8 and 2 in the code, always the lower middle in the paper's
    variant.
    """
    for count, coded in ((64, 32), (16, 8), (6, 2)):
        for variant, rank in (("paper", (count - 1) // 2), ("code", coded)):
            loss = make(1, variant, dim=2)
            with torch.no_grad():
                loss.centers[:, 0] = torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])
            angles = torch.linspace(0.1, 1.2, count, dtype=torch.float64)
            x = torch.stack([angles.cos(), angles.sin()], dim=1)[torch.randperm(count)]
            loss(x, torch.zeros(count, dtype=torch.int64))
            assert loss.median.item() == pytest.approx(angles[rank].item(), rel=1e-12)


def test_evaluation_uses_the_scale_but_keeps_it():
    for variant in ("paper", "code"):
        loss, hand = make(4, variant), ByHand(3, 4, variant)
        x, y = torch.randn(6, 5, dtype=torch.float64), torch.tensor([0, 1, 2, 0, 1, 2])
        loss(x, y)
        before = loss.scale.clone(), loss.median.clone()
        loss.eval()
        hand.scale = before[0].item()
        expected = hand.loss(-x.numpy(), loss.centers.detach().numpy(), as_dicts(y), training=False)
        assert loss(-x, y).item() == pytest.approx(expected, rel=1e-12)
        with torch.no_grad():
            loss(2 * x, y.flip(0))
        loss.logits(x), loss.probabilities(x)
        assert torch.equal(loss.scale, before[0]) and torch.equal(loss.median, before[1])
        loss.train()
        loss(-x, y)
        assert loss.scale != before[0]


def test_counts_weigh_a_clip_by_its_larger_class():
    """Balanced weights by scikit-learn of 6, 3 and 1 clips; the paper's variant weighs none."""
    clips = np.repeat([0, 1, 2], [6, 3, 1])
    weights = compute_class_weight("balanced", classes=np.arange(3), y=clips)
    y = Mix(
        torch.tensor([0, 1, 2]),
        torch.tensor([2, 2, 1]),
        torch.tensor([0.3, 0.8, 0.6], dtype=torch.float64),
    )
    x = torch.randn(3, 5, dtype=torch.float64)
    loss = make(4, "code", counts=np.bincount(clips)).eval()
    p = loss.probabilities(x).detach().numpy()
    own = [
        -sum(share * math.log(p[i, j]) for j, share in label.items())
        for i, label in enumerate(as_dicts(y))
    ]
    assert loss(x, y).item() == pytest.approx(weights[[2, 1, 2]] @ own / 3, rel=1e-7)
    assert make(4, "paper", counts=[6, 3, 1]).class_weights is None


@few
@given(
    seed=st.integers(0, 10**6),
    sub_clusters=st.integers(1, 5),
    classes=st.integers(3, 6),
    dim=st.integers(2, 7),
)
def test_probabilities(seed, sub_clusters, classes, dim):
    torch.manual_seed(seed)
    loss = SubClusterAdaCos(dim, classes, sub_clusters).double()
    x = torch.randn(4, dim, dtype=torch.float64)
    loss(x, torch.arange(4) % classes)
    p = loss.probabilities(x)
    torch.testing.assert_close(p.sum(dim=1), torch.ones(4, dtype=torch.float64), rtol=0, atol=1e-12)
    torch.testing.assert_close(loss.logits(x).softmax(dim=1), p)
    lengths = torch.rand(4, 1, dtype=torch.float64) * 9 + 0.1
    torch.testing.assert_close(loss.probabilities(lengths * x), p, rtol=1e-10, atol=1e-12)
    order = torch.randperm(classes)
    with torch.no_grad():
        loss.centers *= torch.rand(classes, sub_clusters, 1, dtype=torch.float64) + 0.1
        torch.testing.assert_close(loss.probabilities(x), p, rtol=1e-10, atol=1e-12)
        loss.centers.copy_(loss.centers[order])
    torch.testing.assert_close(loss.probabilities(x), p[:, order], rtol=1e-10, atol=1e-12)
    if sub_clusters == 1:
        cos = F.cosine_similarity(x[:, None], loss.centers[:, 0], dim=2)
        torch.testing.assert_close(
            loss.probabilities(x), (loss.scale * cos).softmax(dim=1), rtol=1e-10, atol=1e-12
        )


@few
@given(
    seed=st.integers(0, 10**6),
    sub_clusters=st.integers(1, 4),
    variant=st.sampled_from(["paper", "code"]),
)
def test_the_loss_does_not_see_lengths_or_the_order_of_classes(seed, sub_clusters, variant):
    torch.manual_seed(seed)
    y, order = torch.randint(3, (6,)), torch.randperm(3)
    mixed = Mix(y, y.flip(0), torch.rand(6, dtype=torch.float64))
    x = torch.randn(6, 4, dtype=torch.float64)
    loss, other = [SubClusterAdaCos(4, 3, sub_clusters, variant).double() for _ in range(2)]
    with torch.no_grad():
        other.centers.copy_(loss.centers[order] * (torch.rand(3, sub_clusters, 1) + 0.1))
    place = order.argsort()
    value = loss(x, mixed)
    moved = other(
        x * (torch.rand(6, 1, dtype=torch.float64) + 0.1),
        Mix(place[mixed.y], place[mixed.other], mixed.lam),
    )
    torch.testing.assert_close(moved, value, rtol=1e-10, atol=1e-12)
    torch.testing.assert_close(other.scale, loss.scale, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("variant", ["paper", "code"])
def test_one_class_of_full_share_is_a_plain_label(variant):
    x, y = torch.randn(7, 5, dtype=torch.float64), torch.randint(3, (7,))
    plain, first, second = make(4, variant), make(4, variant), make(4, variant)
    value = plain(x, y)
    one, zero = torch.ones(7, dtype=torch.float64), torch.zeros(7, dtype=torch.float64)
    assert torch.equal(first(x, Mix(y, y.flip(0), one)), value)
    assert torch.equal(second(x, Mix(y.flip(0), y, zero)), value)
    assert plain.scale == first.scale == second.scale


@pytest.mark.parametrize("variant", ["paper", "code"])
@pytest.mark.parametrize("sub_clusters", [1, 4])
def test_gradient_is_that_of_the_formula(variant, sub_clusters):
    loss = make(sub_clusters, variant).eval()
    y = torch.randint(3, (5,))
    mixed = Mix(y, y.flip(0), torch.rand(5, dtype=torch.float64))
    x = torch.randn(5, 5, dtype=torch.float64, requires_grad=True)

    def value(x, centers):
        return torch.func.functional_call(loss, {"centers": centers}, (x, mixed))

    assert torch.autograd.gradcheck(value, (x, loss.centers.detach().clone().requires_grad_()))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("variant", ["paper", "code"])
def test_gradients_are_finite_at_every_angle(variant, dtype):
    """x on a center, opposite to it, at right angles, of no length, and very short or long."""
    loss = make(2, variant).to(dtype)
    with torch.no_grad():
        loss.centers[0, 0] = torch.tensor([3.0, 0, 0, 0, 0])
        loss.centers[1, 1] = torch.tensor([0, 0, 2.0, 0, 0])
    rows = [
        loss.centers[0, 0],
        -loss.centers[0, 0],
        loss.centers[1, 1],
        -7 * loss.centers[1, 1],
        loss.centers[2, 0],
    ]
    x = (
        torch.stack([*rows, torch.zeros(5, dtype=dtype), rows[0] * 1e-10, rows[0] * 1e10])
        .detach()
        .requires_grad_()
    )
    cos = F.normalize(x, dim=1) @ F.normalize(loss.centers[0, 0], dim=0)
    assert cos[0] == 1.0 and cos[1] == -1.0
    for y in (
        torch.arange(8) % 3,
        Mix(torch.arange(8) % 3, (torch.arange(8) + 1) % 3, torch.rand(8, dtype=dtype)),
    ):
        x.grad = loss.centers.grad = None
        value = loss(x, y)
        value.backward()
        assert value.isfinite() and loss.scale.isfinite() and loss.scale > 0
        assert x.grad.isfinite().all() and loss.centers.grad.isfinite().all()
        assert loss.centers.grad.abs().sum() > 0


@pytest.mark.parametrize("variant", ["paper", "code"])
def test_single_precision_is_near_to_double(variant):
    torch.manual_seed(1)
    single = SubClusterAdaCos(16, 5, 4, variant)
    double = SubClusterAdaCos(16, 5, 4, variant).double()
    double.load_state_dict(single.state_dict())
    for step in range(5):
        x, y = torch.randn(32, 16), torch.randint(5, (32,))
        mixed = Mix(y, y.flip(0), torch.rand(32))
        double_label = Mix(mixed.y, mixed.other, mixed.lam.double())
        assert single(x, mixed).item() == pytest.approx(
            double(x.double(), double_label).item(), rel=1e-5
        ), step
        assert single.scale.item() == pytest.approx(double.scale.item(), rel=1e-5)
    assert (
        single(x, mixed).dtype == torch.float32
        and double(x.double(), double_label).dtype == torch.float64
    )


def test_the_start_is_exact_in_double_and_the_scale_travels_with_the_state():
    loss = make(4)
    assert loss.scale.dtype == torch.float64 and loss.scale.item() == math.sqrt(2) * math.log(11)
    loss(torch.randn(6, 5, dtype=torch.float64), torch.arange(6) % 3)
    moved = loss.scale.item()
    assert moved != math.sqrt(2) * math.log(11)
    other = make(4)
    other.load_state_dict(loss.state_dict())
    assert other.scale.item() == moved
    assert loss.float().double().scale.item() == pytest.approx(moved, rel=1e-6)
    assert {"centers", "scale"} <= set(loss.state_dict())


def test_fixed_centers_stay_while_the_scale_moves():
    loss = make(4, trainable=False)
    assert [name for name, p in loss.named_parameters() if p.requires_grad] == []
    x = torch.randn(6, 5, dtype=torch.float64, requires_grad=True)
    start = loss.scale.item()
    loss(x, torch.arange(6) % 3).backward()
    assert loss.centers.grad is None and x.grad.abs().sum() > 0 and loss.scale.item() != start


def test_centers_are_glorot_uniform_and_counted():
    """Table I: 128 (41 S) parameters; uniform within sqrt(6 / (CS + D))."""
    for sub_clusters in (1, 64):
        loss = SubClusterAdaCos(128, 41, sub_clusters)
        assert sum(p.numel() for p in loss.parameters()) == 5248 * sub_clusters
        assert loss.centers.shape == (41, sub_clusters, 128)
        bound = math.sqrt(6 / (41 * sub_clusters + 128))
        assert 0.98 * bound < loss.centers.abs().max() <= bound
        assert loss.centers.std().item() == pytest.approx(bound / math.sqrt(3), rel=0.03)


def test_errors():
    with pytest.raises(ValueError, match="'paper' or 'code', not 'printed'"):
        SubClusterAdaCos(4, 3, variant="printed")
    with pytest.raises(ValueError, match="2 classes or more"):
        SubClusterAdaCos(4, 1, 8)
    with pytest.raises(ValueError, match="3 centers or more, not 2"):
        SubClusterAdaCos(4, 2, 1)
    assert SubClusterAdaCos(4, 2, 2).scale > 0


def appendix(mixed, seed, steps=300):
    """Free embeddings of 64 clips of 41 classes, separable for certain: the scales, and a lower
    bound for each.

    An encoder that cannot bend its embeddings at will takes longer than a test may, and with few
    dimensions the scale can explode in spite of mixup.
    """
    torch.manual_seed(seed)
    loss = SubClusterAdaCos(128, 41, 1).double()
    x, y = torch.randn(64, 128, dtype=torch.float64, requires_grad=True), torch.arange(64) % 41
    optimizer = torch.optim.Adam([x, *loss.parameters()], lr=0.01)
    chance = torch.Generator().manual_seed(seed)
    scales, bounds = [loss.scale.item()], []
    for _ in range(steps):
        order = torch.randperm(64, generator=chance)
        batch, label = x[order], y[order]
        if mixed:
            batch, label = mix(batch, label, generator=chance)
        bounds.append(
            (scales[-1] * cosine(batch, loss.centers)).detach().amax(dim=(1, 2)).mean().item()
        )
        optimizer.zero_grad()
        loss(batch, label).backward()
        optimizer.step()
        scales.append(loss.scale.item())
    return np.array(scales), np.array(bounds)


@pytest.mark.parametrize("seed", [0, 1])
def test_the_scale_explodes_without_mixup_and_settles_with_it(seed):
    """The appendix's remark. Over each 50 steps the scale grows by a factor, so the growth is
    exponential.
    """
    scales, bounds = appendix(mixed=False, seed=seed)
    assert (scales[1:] >= bounds * (1 - 1e-12)).all()
    assert scales[100] > 100 * scales[0]
    assert all(scales[step + 50] > 50 * scales[step] for step in (100, 150, 200, 250))
    scales, bounds = appendix(mixed=True, seed=seed)
    assert (scales[1:] >= bounds * (1 - 1e-12)).all()
    assert scales.max() < 5 * scales[0]
    assert scales[-100:].max() < 1.5 * scales[-100:].min()


def test_the_printed_bound_of_the_appendix_is_too_large_where_cosines_are_alike():
    """Eq. 10 takes a sum over k for a mean, so Jensen's inequality does not reach it; the mean of
    maxima is a bound.
    """
    loss = make(4)
    with torch.no_grad():
        loss.centers.copy_(torch.ones(3, 4, 5))
    x, y, before = torch.ones(6, 5, dtype=torch.float64), torch.arange(6) % 3, loss.scale.item()
    loss(x, y)
    assert loss.scale.item() == pytest.approx(before + math.log(12), rel=1e-9)
    assert loss.scale.item() < 12 * before


@pytest.mark.parametrize("variant", ["paper", "code"])
@pytest.mark.parametrize("counts", [None, [2, 2, 2]])
@pytest.mark.parametrize("mixed", [False, True])
def test_forward_and_backward_never_wait_for_a_value(variant, counts, mixed):
    """On the meta device nothing has a value: whatever reads one, or makes a tensor elsewhere,
    stops here.
    """
    loss = SubClusterAdaCos(4, 3, 2, variant, counts=counts).to("meta")
    x = torch.empty(10, 4, device="meta", requires_grad=True)
    y = torch.empty(10, dtype=torch.long, device="meta")
    if mixed:
        y = Mix(y, y, torch.empty(10, device="meta"))
    loss(x, y).backward()
    assert loss.training and x.grad.is_meta and loss.centers.grad.is_meta
    assert loss.eval()(x, y).is_meta and loss.probabilities(x).is_meta
    with pytest.raises(RuntimeError, match="meta"):
        loss.watch()


def plain_by_hand(scale, x, centers, labels):
    """Eq. 1 to 3 for one batch: the next scale, the median angle, the loss. A label is a dict of a
    class -> share.
    """
    cos = [[float(row @ c / np.sqrt((row @ row) * (c @ c))) for c in centers] for row in x]
    b = math.fsum(
        math.exp(scale * value)
        for row, label in zip(cos, labels)
        for k, value in enumerate(row)
        if not label.get(k, 0.0) > 0.0
    ) / len(x)
    own = sorted(
        sum(share * math.acos(row[j]) for j, share in label.items())
        for row, label in zip(cos, labels)
    )
    median = own[(len(own) - 1) // 2]
    scale = math.log(b) / math.cos(min(math.pi / 4, median))
    entropies = []
    for row, label in zip(cos, labels):
        total = math.fsum(math.exp(scale * value) for value in row)
        entropies.append(
            -sum(share * (scale * row[j] - math.log(total)) for j, share in label.items())
        )
    return scale, median, math.fsum(entropies) / len(x)


@pytest.mark.parametrize("kind", ["plain", "mixed", "same", "first", "second"])
@pytest.mark.parametrize("count", [1, 2, 6, 7])
def test_plain_adacos_agrees_with_the_formulas(kind, count):
    torch.manual_seed(0)
    loss, scale = AdaCos(5, 6).double(), math.sqrt(2) * math.log(5)
    chance = torch.Generator().manual_seed(count)
    assert loss.scale.item() == scale
    for _ in range(4):
        x = torch.randn(count, 5, generator=chance, dtype=torch.float64)
        y = labels(kind, torch.randint(6, (count,), generator=chance), chance)
        centers = loss.centers.detach().numpy()
        value = loss(x, y)
        scale, median, expected = plain_by_hand(scale, x.numpy(), centers, as_dicts(y))
        assert value.item() == pytest.approx(expected, rel=1e-12, abs=1e-12)
        assert loss.watch() == pytest.approx({"scale": scale, "median_angle": median}, rel=1e-12)


def pair_of_one_sub_cluster():
    torch.manual_seed(2)
    plain = AdaCos(5, 6).double()
    clustered = SubClusterAdaCos(5, 6, 1).double()
    with torch.no_grad():
        clustered.centers.copy_(plain.centers[:, None])
    return plain, clustered


@pytest.mark.parametrize("mixed", [False, True])
def test_one_sub_cluster_differs_from_adacos_by_the_own_class_in_b_and_by_nothing_else(mixed):
    r"""Start, cosines, probabilities and median angle are the same. Eq. 3 leaves k = y out and eq.
    7 does not, so with
    both scales s, s' from one scale before: exp(s' cos) - exp(s cos) = mean of the own classes'
    exp(s(t-1) cos).
    """
    plain, clustered = pair_of_one_sub_cluster()
    assert plain.scale == clustered.scale
    x, y = torch.randn(8, 5, dtype=torch.float64), torch.arange(8) % 6
    label = Mix(y, y.flip(0), torch.rand(8, dtype=torch.float64)) if mixed else y
    torch.testing.assert_close(
        plain.eval()(x, label), clustered.eval()(x, label), rtol=1e-12, atol=0
    )
    torch.testing.assert_close(
        plain.probabilities(x), clustered.probabilities(x), rtol=1e-12, atol=0
    )
    before = plain.scale.item()
    plain.train()(x, label), clustered.train()(x, label)
    assert plain.median.item() == pytest.approx(clustered.median.item(), rel=1e-12)
    divisor = math.cos(min(math.pi / 4, plain.median.item()))
    f = before * cosine(x, plain.centers).detach().numpy()
    own = [[k for k, share in one.items() if share > 0] for one in as_dicts(label)]
    shares = math.fsum(math.exp(row[k]) for row, classes in zip(f, own) for k in classes) / len(x)
    difference = math.exp(clustered.scale.item() * divisor) - math.exp(plain.scale.item() * divisor)
    assert difference == pytest.approx(shares, rel=1e-11)
    assert clustered.scale > plain.scale


def test_both_scales_meet_where_the_own_class_weighs_nothing():
    """The only case in which eq. 2 and 6 agree: exp(s cos) of the own class is nothing beside the
    others.
    """
    plain, clustered = pair_of_one_sub_cluster()
    start = 60.0
    with torch.no_grad():
        for loss in (plain, clustered):
            loss.scale.fill_(start)
            loss.centers.view(6, 5).copy_(torch.eye(6, 5))
            loss.centers.view(6, 5)[5] = torch.tensor([1.0, 1.0, 0.0, 0.0, 0.0])
    y = torch.arange(5)
    x = -torch.eye(5, dtype=torch.float64)[
        y
    ]  # opposite to the own center, at right angles to the others
    plain(x, y), clustered(x, y)
    assert plain.scale.item() == pytest.approx(clustered.scale.item(), rel=1e-12)


def test_plain_adacos_settles_without_mixup_where_the_modified_scale_explodes():
    """The appendix: the same free embeddings, the same steps; eq. 2 alone stays bounded."""
    torch.manual_seed(0)
    loss = AdaCos(128, 41).double()
    x, y = torch.randn(64, 128, dtype=torch.float64, requires_grad=True), torch.arange(64) % 41
    optimizer = torch.optim.Adam([x, *loss.parameters()], lr=0.01)
    scales = [loss.scale.item()]
    for _ in range(300):
        optimizer.zero_grad()
        loss(x, y).backward()
        optimizer.step()
        scales.append(loss.scale.item())
    assert max(scales) <= 2 * scales[0] and max(scales[-100:]) < 1.05 * min(scales[-100:])


def test_mixup_of_three_classes_leaves_adacos_one_other_class_and_no_scale():
    """What the docstring warns of: one other class at a cosine below 0 gives ln B = s cos < 0."""
    loss = AdaCos(2, 3)
    with torch.no_grad():
        loss.centers.copy_(torch.tensor([[1.0, 0.0], [-0.5, 0.8660254], [-0.5, -0.8660254]]))
    between = Mix(torch.tensor([0]), torch.tensor([1]), torch.tensor([0.5]))
    loss(torch.tensor([[0.5, 0.8660254]]), between)
    assert loss.scale < 0
    assert SubClusterAdaCos(2, 3, 1)(torch.tensor([[0.5, 0.8660254]]), between).isfinite()


def test_a_scale_needs_three_classes_and_fixed_centers_stay():
    with pytest.raises(ValueError, match="3 centers or more, not 2"):
        AdaCos(4, 2)
    loss = AdaCos(4, 3, trainable=False)
    assert not [parameter for parameter in loss.parameters() if parameter.requires_grad]
    x = torch.randn(6, 4, requires_grad=True)
    loss(x, torch.arange(6) % 3).backward()
    assert loss.centers.grad is None and x.grad.abs().sum() > 0
