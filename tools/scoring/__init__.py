"""The scoring models, composite and ensemble: features, fits, calibration, artefact, attribution and their own record.

Facts in, scorecard out. Nothing here fetches, reads a clock or draws a number that is not seeded, and nothing
imports the agent. One code path computes features for live use, for training and for back-tests.
"""
