"""What is measured on a market: panels of days by entities, one code path for live use, training and back-tests.

A row of a panel uses rows up to its own day only, so the last row of a view at an earlier date and that day's row of
a later view are the same number.
"""
