"""Scenarios: what a named shock has meant for each sector, with standard errors."""
