"""Systems as values: changed, written, read, and counted in epochs."""

import json
from dataclasses import replace

import pytest

from asdkit import backends, features, losses, mixup, systems, train
from asdkit.systems import System, part
from asdkit.systems.part import PACKAGES

GET = systems.get


@pytest.mark.parametrize("name", systems.names())
def test_json_there_and_back(name):
    recipe = GET(name)
    told = json.loads(json.dumps(recipe.to_json()))
    assert System.from_json(told) == recipe and told["loss"] == (
        recipe.loss and recipe.loss.to_json()
    )
    changed = recipe.but(seconds=2.5, backend="NearestNeighbor", trials=[{"normalize": False}, {}])
    assert System.from_json(json.loads(json.dumps(changed.to_json()))) == changed != recipe


def test_a_choice_is_an_own_field_or_goes_to_the_one_part_that_takes_it():
    recipe = GET("subcluster_adacos")
    assert recipe.but(batch_size=8) == replace(recipe, batch_size=8)
    assert recipe.but(sub_clusters=4).loss == part(losses.SubClusterAdaCos, sub_clusters=4)
    assert recipe.but(dim=4).encoder.but(dim=128) == recipe.encoder
    assert recipe.but(mels=64).front[1] == part(features.LogMel, mels=64)
    assert recipe.but(lr=1e-4).optimizer == part(train.adam, lr=1e-4)
    assert recipe.but(how="beta", pairing="permute").mixing == part(
        mixup.mix, how="beta", pairing="permute"
    )
    assert recipe.but(covariance="diagonal").backend == part(
        backends.GaussianMixture, covariance="diagonal"
    )
    both = recipe.but(loss="ArcFace", margin=0.2, encoder="Toy", dim=3, backend="CosineTopK", k=2)
    assert (both.loss, both.backend) == (
        part(losses.ArcFace, margin=0.2),
        part(backends.CosineTopK, k=2),
    )
    assert recipe == GET("subcluster_adacos")  # which is frozen


def test_a_part_may_be_given_by_name_as_a_dict_and_as_it_is():
    told = [{"loss": "ArcFace"}, {"loss": {"part": "ArcFace"}}, {"loss": part(losses.ArcFace)}]
    assert len({repr(GET("subcluster_adacos", **one).loss) for one in told}) == 1
    fronts = [GET("mean_gaussian", front=told).front for told in (
        ["LogMel", {"part": "temporal_max"}], (part(features.LogMel), part(features.temporal_max)),
    )]  # fmt: skip
    assert fronts[0] == fronts[1] and len(fronts[0]) == 2


def test_the_budget_gives_its_share_of_the_paper_s_epochs_and_chosen_ones_are_trained_whole():
    from asdkit import budget

    shares = {name: [GET(name).epochs_of(budget(size)) for size in ("smoke", "course", "paper")]
              for name in ("subcluster_adacos", "l2softmax_lof")}  # fmt: skip
    assert shares == {"subcluster_adacos": [12, 60, 400], "l2softmax_lof": [3, 15, 100]}
    assert GET("adacos", epochs=7).epochs_of(budget("smoke")) == 7
    assert GET("adacos", epochs=1).but(shares=True).epochs_of(budget("smoke")) == 1  # rounded up


@pytest.mark.parametrize("name", systems.names())
def test_parts_are_told_in_the_order_of_the_pipeline(name):
    recipe = GET(name)
    fields = [field for field, _, _ in recipe.parts()]
    assert fields == sorted(fields, key=list(PACKAGES).index)
    assert ("loss" in fields) == ("optimizer" in fields) == (recipe.loss is not None)
