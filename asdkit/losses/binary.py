"""The binary losses: normal clips against clips that play the anomaly. First, the roles a clip can
have.
"""

NORMAL, OUTLIER, ANOMALY = (
    1,
    0,
    -1,
)  # [DDC]: the machine itself, other machines, and the few true anomalies
