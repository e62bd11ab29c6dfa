"""The answer as a typed value, and its renderings. Pure functions of their inputs: no clock, network or files."""
