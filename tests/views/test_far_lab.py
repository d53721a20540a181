"""The view of two microphones: its slider moves state, words and picture."""

import pandas as pd
import pytest
import torch

from asdkit import figures, views

CLIPS = pd.DataFrame(
    {"machine": "fan", "split": ["train"] * 6 + ["test"] * 6, "label": [0] * 9 + [1] * 3}
)
NEAR, FAR = torch.rand(2, 12, 5, generator=torch.Generator().manual_seed(1)) + 0.5


def test_the_slider_moves_state_words_and_picture():
    view = views.FarView(CLIPS, NEAR, FAR)
    assert view.state["share"] == 0.0 and "share 0.00 of the far power taken" in view.text.value
    picture = view.image.value
    assert view.set(share=0.35) is view
    expected = figures.far_state(CLIPS, NEAR, FAR, 0.35)
    assert view.state["auc"] == expected["auc"] and view.image.value != picture
    assert f"share 0.35 of the far power taken: AUC fan {expected['auc']['fan']:.2f}" in repr(view)
    assert 'alt="' in view.image.value and view.figure().axes[-1].get_ylabel() == "AUC"
    with pytest.raises(ValueError, match="share"):
        view.set(share=2.0)
