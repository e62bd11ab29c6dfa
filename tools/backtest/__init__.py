"""Walk-forward evaluation: predictions as then made, baselines, measures, paper portfolios.

Uses the features and the model of :mod:`tools.scoring` unchanged, so that a back-test cannot drift
from the product.
"""
