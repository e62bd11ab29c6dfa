"""The colours of reports: two hues that colour-blind readers tell apart, on light and on dark.

The two schemes have the same fields, and no colour stands twice in one scheme, so that a figure drawn
for one is turned into the other by exchanging colours.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

Theme = Literal["light", "dark"]
Figure = dict[str, Any]
"""A Plotly figure: ``data`` and ``layout``."""
COLOUR = re.compile(r"#[0-9a-f]{6}\b")


class Palette(NamedTuple):
    """Colours of one scheme, each as ``#rrggbb``."""

    surface: str
    ink: str
    """Readable on every field and every shade of the heatmap."""
    muted: str
    line: str
    faint: str
    high: str
    low: str
    total: str
    far_above: str
    above: str
    even: str
    below: str
    far_below: str
    leading: str
    improving: str
    weakening: str
    lagging: str
    leading_field: str
    improving_field: str
    weakening_field: str
    lagging_field: str


LIGHT = Palette(
    surface="#ffffff", ink="#14181d", muted="#59626d", line="#d9dde2", faint="#eef0f2",
    high="#1f6f9f", low="#b3500b", total="#3c444d",
    far_above="#62aad4", above="#b7d7e9", even="#f4f5f4", below="#f8d2a8", far_below="#ee9c50",
    leading="#0b6b57", improving="#1c64a5", weakening="#a85206", lagging="#8c2f6b",
    leading_field="#eef6f3", improving_field="#eef4fa", weakening_field="#fbf3ea",
    lagging_field="#f8eff4",
)  # fmt: skip
DARK = Palette(
    surface="#14181c", ink="#e9ecef", muted="#9ba5b0", line="#343b43", faint="#20262c",
    high="#58b0e3", low="#f09a4b", total="#c3cad1",
    far_above="#20638f", above="#234559", even="#20272d", below="#4e3722", far_below="#8c5017",
    leading="#4cc3a3", improving="#6db3f2", weakening="#eda45b", lagging="#df86bd",
    leading_field="#172522", improving_field="#172230", weakening_field="#282019",
    lagging_field="#271b23",
)  # fmt: skip
PALETTES: Mapping[Theme, Palette] = {"light": LIGHT, "dark": DARK}


def themed(figure: Figure, theme: Theme) -> Figure:
    """Return a figure that was drawn on light in the colours of a theme."""
    if theme == "light":
        return figure
    colours = exchange()
    drawn = json.dumps(figure)
    turned: Figure = json.loads(COLOUR.sub(lambda found: colours.get(found[0], found[0]), drawn))
    return turned


def exchange() -> dict[str, str]:
    """Return light colour → dark colour."""
    return dict(zip(LIGHT, DARK, strict=True))


def css() -> str:
    """Return both schemes as CSS variables, light on paper."""
    light = _variables(LIGHT)
    dark = f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {_variables(DARK)} }} }}"
    return f":root {{ {light} }}\n{dark}\n"


def _variables(palette: Palette) -> str:
    return " ".join(
        f"--{name.replace('_', '-')}: {colour};" for name, colour in palette._asdict().items()
    )
