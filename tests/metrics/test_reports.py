"""One table of a detector: every row against a count by hand, gaps where a class is missing."""

import numpy as np
import pytest

from asdkit import metrics


def test_a_report_has_a_row_for_each_domain_and_gaps_where_a_class_is_missing(
    table, part, pairs, partial_area
):
    clips, score = table({"fan": ["00"], "pump": ["00"]})
    gone = (
        (clips["machine"] == "pump") & (clips["domain"] == "target") & (clips["label"] == 1)
    ).to_numpy()
    clips, score = clips[~gone], score[~gone]
    report = metrics.report(clips, score, seed=1)
    named = list(zip(report["machine"], report["domain"]))
    assert named == [
        (machine, domain) for machine in ("fan", "pump") for domain in ("source", "target", "both")
    ]
    for row in report.itertuples():
        wanted = {"machine": row.machine} | ({} if row.domain == "both" else {"domain": row.domain})
        label, some = part(clips, score, **wanted)
        assert (row.normal, row.anomaly) == ((label == 0).sum(), (label == 1).sum())
        if row.anomaly:
            assert (row.auc, row.pauc) == pytest.approx(
                (pairs(label, some), partial_area(label, some))
            )
            assert row.auc_low <= row.auc <= row.auc_high and row.pauc_low <= row.pauc_high
        else:
            gaps = [row.auc, row.auc_low, row.auc_high, row.pauc, row.pauc_low, row.pauc_high]
            assert row.machine == "pump" and row.domain == "target" and np.isnan(gaps).all()
    assert list(metrics.report(clips, score, intervals=False).columns[-2:]) == ["auc", "pauc"]


def test_a_report_of_one_domain_has_one_row(table):
    clips, score = table({"fan": ["00", "02"]}, ["source"])
    assert metrics.report(clips, score, intervals=False)["domain"].tolist() == ["source", "source"]
