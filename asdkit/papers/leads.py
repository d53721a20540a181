"""The leads over other losses that the papers print."""

import pandas as pd

from .published import SUMMARY, numbers

LEADS = (  # two rows of tables, each with the system that stands for it
    (("subcluster_adacos", "SCA IV", "S = 16, GMM"), ("adacos", "SCA III", "mixup")),
    (("noisy_arcmix", "NAM 2", "TASTgram-MFN(NAMix)"),
     ("tastgram_arcface", "NAM 2", "TASTgram-MFN(ArcFace)")),
    (("noisy_arcmix", "NAM 1", "TASTgram-MFN(NAMix)"), ("arcmix", "NAM 1", "TASTgram-MFN(AMix)")),
    *((("adaproj", "AP 1", "AdaProj"), (name, "AP 1", row)) for name, row in (
        ("adacos_two_branch", "AdaCos"), ("subcluster_adacos_two_branch", "sub-cluster AdaCos"),
        ("compactness", "compactness"), ("compactness_softmax", "compactness + CE"),
    )),
)  # fmt: skip


def leads():
    """How far the loss of a paper leads those that it is compared with on one network, in points of
    AUC: means over the data sets of the tables.

    Paper: [SCA] Tables III and IV, [NAM] Tables 1 and 2, [AP] Table 1.
    Shapes: -> DataFrame ``ahead behind table printed``; the first two are names of systems.
    Choices: of [AP] the AUC regardless of domain. [SCA]'s S is 16, as in the recipe.
    Notebook: 13_compare_losses
    """
    rows = [
        (ahead[0], behind[0], ahead[1], _mean(*ahead[1:]) - _mean(*behind[1:]))
        for ahead, behind in LEADS
    ]
    return pd.DataFrame(rows, columns=["ahead", "behind", "table", "printed"])


def _mean(table, row):
    """The mean AUC of a row over the data sets of its table."""
    told = numbers()
    own = told[told["table"].eq(table) & told["row"].eq(row) & told["machine"].eq("all")]
    own = own[own["metric"].eq("auc") & own["domain"].isin(["", "both"]) & own["data"].ne(SUMMARY)]
    return float(own["value"].mean())
