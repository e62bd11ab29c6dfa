"""Paths into a JSON answer: ``data.rows[0].name``; keys are matched whatever their case.

Providers spell one key in several ways (``netValue``, ``NetValue``), which is why case is not
heeded where the exact key is missing. A path that leads nowhere gives None, which is what a null
in an answer is too.
"""

from __future__ import annotations

import math
import re

STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")
NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][+-]?\d+)?")


def find(value: object, path: str) -> object:
    """Return what stands at `path`, None where nothing does; an empty path is the value itself."""
    for key, index in STEP.findall(path):
        if index:
            inside = isinstance(value, list) and int(index) < len(value)
            value = value[int(index)] if inside and isinstance(value, list) else None
        else:
            value = _member(value, key)
    return value


def _member(value: object, key: str) -> object:
    if not isinstance(value, dict):
        return None
    if key in value:
        return value[key]
    return next((held for name, held in value.items() if name.lower() == key.lower()), None)


def rows(value: object, path: str) -> list[object] | None:
    """Return the list at `path`; a table keyed by name becomes rows with a ``key``."""
    found = find(value, path)
    if isinstance(found, list):
        return found
    if isinstance(found, dict) and found and all(isinstance(v, dict) for v in found.values()):
        return [{"key": name, **held} for name, held in found.items()]
    return None


def number(value: object) -> float | None:
    """Return a finite number, also one written as text; anything else is None."""
    if isinstance(value, str):
        text = value.strip()
        if not text or not NUMBER.fullmatch(text):
            return None
        try:
            value = float(text.replace(",", ""))
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if math.isfinite(value) else None
