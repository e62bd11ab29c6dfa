"""What disagrees: price and foreigners, model and tape, one window and another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.evidence import number
from agent.brief.prose.voice import name, sign_key, signed, size

if TYPE_CHECKING:
    from agent.brief.evidence import Evidence
    from agent.brief.prose.voice import Voice
    from tools.contracts import Fact

MOST = 3
MATERIAL_SHARE = 0.005
"""Net foreign buying below this share of trading disagrees with nothing."""
NARROW = 0.4
BROAD = 0.6


def disagreements(evidence: Evidence, voice: Voice, *, tape: bool = True) -> list[str]:
    """Return at most three sentences on what does not fit together, the most telling first.

    Where the question is about some sectors, only about those; without the `tape`, where it has been told already
    that price and scorecard part ways.
    """
    found = [
        *(_model_against_tape(evidence, voice) if tape else ()),
        *_foreigners_against_price(evidence, voice),
        *_windows(evidence, voice),
        *_breadth(evidence, voice),
    ]
    return found[:MOST]


def _model_against_tape(evidence: Evidence, voice: Voice) -> list[str]:
    """Name the strongest sector if it is expected to lag, or the weakest if it is favoured."""
    ranked = _moves(evidence)
    if not ranked or evidence.request.scorecard is None:
        return []
    horizon = evidence.request.scorecard.horizon
    for fact, against in ((ranked[0], "underperform"), (ranked[-1], "outperform")):
        row = evidence.score_of(fact.entity)
        chance = evidence.fact(fact.entity, "probability", horizon)
        up = number(fact) > 0
        if (
            row is None
            or chance is None
            or number(fact) == 0
            or row.call != against
            or up != (against == "underperform")
        ):
            continue
        return [
            voice.say(
                f"tape_{sign_key(number(fact))}",
                name=name(fact.entity),
                size=size(fact),
                window=voice.window(fact.period),
                probability=signed(chance),
                horizon=voice.ahead(horizon),
            )
        ]
    return []


def _foreigners_against_price(evidence: Evidence, voice: Voice) -> list[str]:
    """Name the sector whose relative return and foreign flow oppose each other most."""
    window = evidence.window_of("rel_return")
    opposed = []
    for fact in _moves(evidence):
        flow = evidence.fact(fact.entity, "foreign_net_ratio", window)
        if flow is None or number(flow) * number(fact) >= 0 or abs(number(flow)) < MATERIAL_SHARE:
            continue
        opposed.append((-abs(number(flow) * number(fact)), fact, flow))
    if not opposed:
        return []
    _, fact, flow = min(opposed, key=lambda item: (item[0], item[1].id))
    return [
        voice.say(
            f"foreign_against_{sign_key(number(fact))}",
            name=name(fact.entity),
            size=size(fact),
            flow=size(flow),
            window=voice.window(fact.period),
        )
    ]


def _windows(evidence: Evidence, voice: Voice) -> list[str]:
    """Name a sector, first in the ranking or asked about, whose short and long windows disagree."""
    rows = list(evidence.asked) or [row.sector for row in evidence.scores[:1]]
    if not rows:
        rows = [fact.entity for fact in evidence.ranked("rel_return", evidence.window)[:1]]
    for code in dict.fromkeys(rows):
        short = evidence.fact(code, "rel_return", "1W")
        long = evidence.fact(code, "rel_return", "3M")
        if short is not None and long is not None and number(short) * number(long) < 0:
            return [
                voice.say(
                    f"turn_{sign_key(number(long))}",
                    name=name(code),
                    short=size(short),
                    long=size(long),
                    short_window=voice.window(short.period),
                    long_window=voice.window(long.period),
                )
            ]
    return []


def _breadth(evidence: Evidence, voice: Voice) -> list[str]:
    """Name a strong sector that is carried by few of its shares."""
    for fact in _moves(evidence)[:2]:
        share = evidence.fact(fact.entity, "breadth")
        if share is not None and number(fact) > 0 and number(share) < NARROW:
            return [
                voice.say(
                    "narrow",
                    name=name(fact.entity),
                    size=size(fact),
                    window=voice.window(fact.period),
                    share=signed(share),
                )
            ]
    return []


def _moves(evidence: Evidence) -> list[Fact]:
    """Return the relative returns of the question's window, largest first."""
    window = evidence.window_of("rel_return")
    return evidence.ranked("rel_return", window, evidence.asked or None)
