"""Walk-forward evaluation: predictions as they would have been made, baselines, measures and paper portfolios.

Uses the features and the model of :mod:`tools.scoring` unchanged, so that a back-test cannot drift
from the product.
"""
