"""Synthetic sound: machines, their faults, the rooms they stand in, and data sets of them."""
