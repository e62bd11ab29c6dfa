"""What moved: the benchmark, the strongest and the weakest sector, and the sectors asked about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agent.brief.evidence import WINDOW_ORDER, number
from agent.brief.prose.voice import name, sign_key, size, strength_key
from tools.contracts import MARKET_ENTITY

if TYPE_CHECKING:
    from agent.brief.evidence import Evidence
    from agent.brief.prose.voice import Voice
    from tools.contracts import Fact

LONGER = ("3M", "12M", "6M")
"""Windows that the question's own is set beside, the usual one first."""

WEAKEST = re.compile(
    r"\b(?:weakest|worst|laggards?|lagging|(?:yếu|kém|tệ) nhất|yeu nhat|kem nhat|te nhat|tụt hậu)(?!\w)",
    re.IGNORECASE,
)
"""How a question asks for the other end of the ranking."""
LED = re.compile(
    r"\b(?:led|outperformed|(?:was|were|did|performed|gained) (?:the )?(?:strongest|best|most))\b"
    r"|\b(?:dẫn đầu|dẫn dắt|dẫn sóng|mạnh nhất|vượt trội)\b.*\b(?:qua|trước|vừa rồi)\b",
    re.IGNORECASE,
)
"""How a question asks who has led, which a past return answers and no forecast does."""
QUARTER = re.compile(
    r"\b(?:(?:3|three)[ -]?(?:m|months?)|quarter|(?:3|ba) tháng|(?:3|ba) thang|quý|quy)\b",
    re.IGNORECASE,
)
TO_COME = re.compile(
    r"\b(?:will|next|forecast|expected|likely|tới|sắp|sẽ|dự báo|toi|sap|se)\b", re.IGNORECASE
)
"""What speaks of the time to come, which no past return answers."""

GONE = re.compile(
    r"\b(?:led|did|was|were|past|so far|yesterday|last (?:day|week|month|quarter|year)|(?:out)?performed"
    r"|(?:has|have) (?:\w+ ){0,5}?(?:done|been|moved|gained|risen|fallen|lost))\b"
    r"|\b(?:qua|trước|truoc|vừa rồi|vua roi|đã)\b",
    re.IGNORECASE,
)
"""What speaks of the time that has passed, which no forecast answers."""


def market_move(evidence: Evidence, voice: Voice, window: str | None = None) -> list[str]:
    """Return a sentence on the benchmark's own return."""
    fact = evidence.fact(MARKET_ENTITY, "return", window or evidence.window)
    if fact is None:
        return []
    return [move(fact, voice)]


def move(fact: Fact, voice: Voice) -> str:
    """Return a sentence on one return."""
    key = "move_" + strength_key(number(fact), fact.period)
    return voice.say(key, name=name(fact.entity), size=size(fact), window=voice.window(fact.period))


def relative(fact: Fact, voice: Voice) -> str:
    """Return a sentence on one return relative to the benchmark."""
    return voice.say(
        "rel_" + sign_key(number(fact)),
        name=name(fact.entity),
        size=size(fact),
        window=voice.window(fact.period),
    )


def two_windows(evidence: Evidence, voice: Voice, sector: str) -> list[str]:
    """Return a sentence on what a sector did over the question's window and over a longer one."""
    near = evidence.fact(sector, "rel_return", evidence.window_of("rel_return"))
    if near is None or not number(near):
        return []
    periods = WINDOW_ORDER[WINDOW_ORDER.index(str(near.period)) + 1 :]
    far = next(
        (f for p in LONGER if p in periods and (f := evidence.fact(sector, "rel_return", p))), None
    )
    if far is None or not number(far):
        return [relative(near, voice)]
    return [
        voice.say(
            f"both_{sign_key(number(near))}_{sign_key(number(far))}",
            name=name(sector),
            size=size(near),
            window=voice.window(near.period),
            long=size(far),
            long_window=voice.window(far.period),
        )
    ]


def extremes(evidence: Evidence, voice: Voice, *, opened: str = "") -> list[str]:
    """Return a sentence on the strongest and the weakest sector of the window.

    Where the headline `opened` with the strongest, only the weakest is told.
    """
    ranked = evidence.ranked("rel_return", evidence.window_of("rel_return"))
    if len(ranked) < 2:
        return [relative(fact, voice) for fact in ranked]
    best, worst = ranked[0], ranked[-1]
    if best.entity == opened:
        return [weakest(worst, voice)]
    return [
        voice.say(
            "best_" + sign_key(number(best)),
            name=name(best.entity),
            size=size(best),
            window=voice.window(best.period),
        )
        + voice.say("worst_" + sign_key(number(worst)), name=name(worst.entity), size=size(worst))
    ]


def weakest(fact: Fact, voice: Voice) -> str:
    """Return a sentence on the weakest sector of a window."""
    return voice.say(
        "weakest_" + sign_key(number(fact)),
        name=name(fact.entity),
        size=size(fact),
        window=voice.window(fact.period),
    )


def asked_weakest(evidence: Evidence, voice: Voice) -> str:
    """Return the weakest sector where the question is which it is, over the quarter where it says so."""
    question = evidence.request.question
    if evidence.asked or WEAKEST.search(question) is None or TO_COME.search(question):
        return ""
    window = evidence.window_of("rel_return")
    if QUARTER.search(question) and evidence.ranked("rel_return", "3M"):
        window = "3M"
    ranked = evidence.ranked("rel_return", window)
    return weakest(ranked[-1], voice) if len(ranked) > 1 else ""


def asked_leader(evidence: Evidence, voice: Voice) -> str:
    """Return who has led where that is the question; empty where it is not, or none did."""
    question = evidence.request.question
    if evidence.asked or LED.search(question) is None or TO_COME.search(question):
        return ""
    ranked = evidence.ranked("rel_return", evidence.window_of("rel_return"))
    if not ranked or number(ranked[0]) <= 0:
        return ""
    return voice.say(
        "headline_moved_up",
        name=name(ranked[0].entity),
        size=size(ranked[0]),
        window=voice.window(ranked[0].period),
    )


def runner_up(evidence: Evidence, voice: Voice) -> list[str]:
    """Return a sentence on who comes next at either end, where the list is long."""
    ranked = evidence.ranked("rel_return", evidence.window_of("rel_return"))
    if len(ranked) < 5:
        return []
    second, last_but_one = ranked[1], ranked[-2]
    if number(second) <= 0 or number(last_but_one) >= 0:
        return []
    return [
        voice.say(
            "runner_up",
            second=name(second.entity),
            second_size=size(second),
            other=name(last_but_one.entity),
            other_size=size(last_but_one),
            window=voice.window(second.period),
        )
    ]


def quadrants(evidence: Evidence, voice: Voice) -> list[str]:
    """Return a sentence for each rotation quadrant that holds a sector."""
    sentences = []
    for quadrant in ("leading", "improving", "weakening", "lagging"):
        inside = [
            code
            for code in evidence.codes
            if evidence.shows(code) and evidence.label(code, "quadrant") == quadrant
        ]
        if inside:
            key = f"quadrant_{quadrant}" + ("_one" if len(inside) == 1 else "")
            sentences.append(voice.say(key, names=voice.joined([name(c) for c in inside])))
    return sentences
