"""A simulated Vietnamese-style market whose generating process is known.

`days` is its calendar, `companies` what is listed on it, `process` the hidden state and the returns it moves,
`economy` the macro series, `trading` prices and flows as an exchange would publish them, `source` the market as a
whole, and `oracle` the best forecasts that can be made of it.
"""

from __future__ import annotations

from tools.sources.demo.source import DEFAULT_SEED, FIRST_END, Demo, export_folder, generated

__all__ = ["DEFAULT_SEED", "FIRST_END", "Demo", "export_folder", "generated"]
