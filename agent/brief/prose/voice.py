"""Turning what is to be said into a sentence of the brief's language."""

from __future__ import annotations

import re
import zlib
from string import Template
from typing import TYPE_CHECKING

from agent.brief.health_texts import HEALTH_WORDING as HEALTH
from agent.brief.lexicon import LENGTHS, group_name, metric_name, window
from agent.brief.mandate_texts import MANDATE_TEXTS
from agent.brief.prose.variants_en import VARIANTS as OTHER_EN
from agent.brief.prose.variants_vi import VARIANTS as OTHER_VI
from agent.brief.prose.wording_en import WORDING as EN
from agent.brief.prose.wording_record import RECORD_WORDING
from agent.brief.prose.wording_vi import WORDING as VI
from tools.contracts import MARKET_ENTITY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent.brief.model import Language
    from tools.contracts import Fact

SPACES = re.compile(r" +(?=[ ,.;:])")
"""What an empty part leaves behind."""
SUPERLATIVES = re.compile(
    r"best_|weakest_|runner_up|headline_(?:moved|leader|slim|none_up|none_down|underperform_)"
    r"|foreign_most|busy_usual|quiet$|news_ends|blocks_in$|busy_shares|shares_|volatility$|drawdown$"
)
"""Keys of the sentences that set a sector above or below all others."""
STEPS = {"1D": (0.003, 0.015), "1W": (0.006, 0.03), "1M": (0.012, 0.06), "3M": (0.02, 0.1)}
"""Window → moves below which a market is said to edge, and above which to jump."""


def name(entity: str) -> str:
    """Return the slot of an entity's name."""
    return f"{{{{name:{entity}}}}}"


def signed(fact: Fact) -> str:
    """Return the slot of a fact, rendered with its sign."""
    return f"{{{{{fact.id}}}}}"


def size(fact: Fact) -> str:
    """Return the slot of a fact without its sign, beside a word that carries the direction."""
    return f"{{{{{fact.id}|abs}}}}"


class Voice:
    """Says things in one language, always the same way for the same question and facts.

    Parameters
    ----------
    language
        ``en`` or ``vi``.
    seed
        What picks among the wordings of a sentence, such as the question; empty: always the first one.
    scoped
        Whether the sectors known are only those of a mandate, so that a superlative is one among them.
    """

    def __init__(self, language: Language, seed: str = "", *, scoped: bool = False) -> None:
        self.language: Language = language
        wording, self._others = (EN, OTHER_EN) if language == "en" else (VI, OTHER_VI)
        self._wording = {**wording, **HEALTH[language], **RECORD_WORDING[language]}
        self._seed = seed
        self._scope = MANDATE_TEXTS[language]["among"] if scoped else ""

    def say(self, key: str, **parts: str) -> str:
        """Return the sentence of a key, in the wording that seed and names pick."""
        wordings = (self._wording[key], *self._others.get(key, ()))
        picked = f"{self._seed}|{key}|{parts.get('name', '')}".encode()
        wording = wordings[zlib.crc32(picked) % len(wordings) if self._seed else 0]
        if self._scope and parts.get("window") and SUPERLATIVES.match(key):
            parts["window"] += f" {self._scope}"
        text = Template(wording).substitute(market=name(MARKET_ENTITY), **parts)
        return SPACES.sub("", text)

    def window(self, period: str | None) -> str:
        """Return the phrase of a window that has passed."""
        return window(period, self.language)

    def ahead(self, horizon: str) -> str:
        """Return the phrase of a horizon ahead."""
        return window(horizon, self.language, ahead=True)

    def length(self, horizon: str) -> str:
        """Return what calls of a horizon are called: ``one-month``."""
        return LENGTHS[self.language].get(horizon, horizon)

    def metric(self, metric: str) -> str:
        """Return what a metric is called."""
        return metric_name(metric, self.language)

    def group(self, group: str) -> str:
        """Return what a scoring group is called."""
        return group_name(group, self.language)

    def joined(self, parts: Sequence[str]) -> str:
        """Return a list in words: ``a, b and c``."""
        if len(parts) < 2:
            return "".join(parts)
        link = self._wording["and"]
        return ", ".join(parts[:-1]) + f" {link} {parts[-1]}"


def sign_key(value: float) -> str:
    """Return ``up``, ``down`` or ``flat``."""
    return "up" if value > 0 else "down" if value < 0 else "flat"


def strength_key(value: float, period: str | None) -> str:
    """Return how a move over a window is worded: ``edged_up``, ``up``, ``jumped_up``."""
    small, large = STEPS.get(period or "", (0.02, 0.15))
    direction = sign_key(value)
    if direction == "flat":
        return direction
    return (
        f"edged_{direction}"
        if abs(value) < small
        else f"jumped_{direction}"
        if abs(value) > large
        else direction
    )
