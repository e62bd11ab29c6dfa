"""The transparent composite: features, calibration on the market's own past, artefact, attribution and record.

Facts in, scorecard out. Nothing here fetches, reads a clock or draws a random number, and nothing
imports the agent. One code path computes features for live use, for training and for back-tests.
"""
