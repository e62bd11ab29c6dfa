"""The transparent composite: features, calibration, artefact, attribution and its own record.

Facts in, scorecard out. Nothing here fetches, reads a clock or draws a random number, and nothing
imports the agent. One code path computes features for live use, for training and for back-tests.
"""
