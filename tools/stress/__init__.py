"""Scenarios: what a named shock has meant for each sector, as measured sensitivities with their errors."""
