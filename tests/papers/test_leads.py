"""The printed leads, against numbers typed from the papers."""

import pytest

from asdkit import papers, systems

PRINTED = {  # means over the two sets of [SCA], the one of [NAM], the four of [AP]
    ("subcluster_adacos", "adacos"): (92.10 + 94.08) / 2 - (89.13 + 91.43) / 2,
    ("noisy_arcmix", "tastgram_arcface"): 94.65 - 92.88,
    ("noisy_arcmix", "arcmix"): 94.65 - 92.38,
    ("adaproj", "adacos_two_branch"): (80.6 + 73.6 + 71.4 + 69.8 - 79.8 - 73.0 - 70.9 - 68.0) / 4,
    ("adaproj", "compactness"): (80.6 + 73.6 + 71.4 + 69.8 - 79.2 - 70.3 - 67.7 - 64.0) / 4,
}


def test_leads_are_those_of_the_printed_means_and_of_systems():
    found = papers.leads().set_index(["ahead", "behind"])
    assert len(found) == 7 and set(found.index.to_flat_index()) >= set(PRINTED)
    for pair, lead in PRINTED.items():
        assert found.loc[pair, "printed"] == pytest.approx(lead, abs=1e-9), pair
    assert {name for pair in found.index for name in pair} <= set(systems.names())
    assert (found["printed"] > 0).all()
