"""Who trades: what foreigners buy and sell, and where trading is unusually large."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agent.brief.evidence import number
from agent.brief.prose.piece import Piece
from agent.brief.prose.voice import name, sign_key, signed, size
from tools.contracts import MACRO_PREFIX, MARKET_ENTITY

if TYPE_CHECKING:
    from agent.brief.evidence import Evidence
    from agent.brief.prose.voice import Voice
    from tools.contracts import Fact

SHARES_ASKED = re.compile(
    r"\b(?:stocks?|shares?|tickers?|symbols?|mã|cổ phiếu|co phieu|cp)\b", re.IGNORECASE
)
"""How a question asks for shares rather than sectors."""
SOLD = re.compile(r"\b(?:sell\w*|sold|dump\w*|bán|xả)\b", re.IGNORECASE)
BOUGHT = re.compile(r"\b(?:buy\w*|bought|mua|gom)\b", re.IGNORECASE)
BLOCKS_ASKED = re.compile(r"\bblocks?\b|th(?:oả|ỏa|oa)\s*thu[ậa]n", re.IGNORECASE)
"""How a question asks for block trades."""
UNUSUAL = 2.0
SHOWN_SHARES = 3
BESIDE = 3
"""Asked sectors, of which each gets its own sentence."""


def flow(evidence: Evidence, voice: Voice) -> Piece:
    """Answer what foreigners bought and sold."""
    window = evidence.window_of("foreign_net_value")
    if window is None:
        return _without_flow(evidence, voice)
    whole = evidence.fact(MARKET_ENTITY, "foreign_net_value", window)
    ranked = evidence.ranked("foreign_net_value", window)
    asked = [f for f in ranked if f.entity in evidence.asked][:BESIDE]
    if asked:
        lines = [net(fact, evidence, voice) for fact in asked]
        return Piece.of(lines[0], lines[1:], shares(evidence, voice, window))
    opening = [net(whole, evidence, voice)] if whole is not None else []
    lines = [*opening, *_ends(ranked, evidence, voice)]
    if not lines:
        return Piece(voice.say("no_flow"))
    by_share = shares(evidence, voice, window)
    if SHARES_ASKED.search(evidence.request.question) and evidence.request.vocabulary.has_shares:
        if by_share:
            by_share = by_share[::-1] if _only_sales(evidence.request.question) else by_share
            return Piece.of(by_share[0], by_share[1:], lines)
        return Piece.of(lines[0], [voice.say("no_share_flow"), *lines[1:]])
    return Piece.of(lines[0], lines[1:], by_share)


def _only_sales(question: str) -> bool:
    """Whether a question is about what foreigners sold alone."""
    return bool(SOLD.search(question)) and not BOUGHT.search(question)


def _without_flow(evidence: Evidence, voice: Voice) -> Piece:
    """Say that nothing is known of foreigners, and what unusual trading shows where it was looked up instead."""
    has = evidence.request.vocabulary.has_flows
    known = (
        evidence.window_of("whale_ratio") is not None and "whale" not in evidence.request.intents
    )
    busy = whale(evidence, voice) if known else Piece("")
    return Piece.of(
        voice.say("no_flow" if has else "no_flow_market"), [busy.headline, *busy.paragraphs]
    )


def of_market(evidence: Evidence, voice: Voice) -> list[str]:
    """Return what foreigners did in the whole market, over the window that its move is told of."""
    whole = evidence.fact(MARKET_ENTITY, "foreign_net_value", evidence.window)
    if whole is None or "flow" in evidence.request.intents:
        return []
    return [net(whole, evidence, voice)]


def money(evidence: Evidence, voice: Voice) -> list[str]:
    """Return what a full brief says of foreigners: the market, and the sectors at both ends."""
    window = evidence.window_of("foreign_net_value")
    whole = evidence.fact(MARKET_ENTITY, "foreign_net_value", window)
    if whole is None:
        return []
    ranked = evidence.ranked("foreign_net_value", window)
    return [net(whole, evidence, voice), *(_ends(ranked, evidence, voice) if ranked else [])]


def net(fact: Fact, evidence: Evidence, voice: Voice) -> str:
    """Return a sentence on what foreigners bought or sold of a sector or of the market."""
    share = evidence.fact(fact.entity, "foreign_net_ratio", fact.period)
    market = "_market" if fact.entity == MARKET_ENTITY else ""
    bare = "" if share is not None else "_bare"
    return voice.say(
        f"foreign{market}_{sign_key(number(fact))}{bare}",
        name=name(fact.entity),
        value=size(fact),
        share="" if share is None else size(share),
        window=voice.window(fact.period),
    )


def _ends(ranked: list[Fact], evidence: Evidence, voice: Voice) -> list[str]:
    """Return what is said of the sectors most bought and most sold."""
    if len(ranked) < 2:
        return [net(fact, evidence, voice) for fact in ranked]
    best, worst = ranked[0], ranked[-1]
    sentences = []
    for fact, direction in ((best, "up"), (worst, "down")):
        if sign_key(number(fact)) != direction:
            continue
        price = evidence.fact(fact.entity, "rel_return", fact.period)
        beside = "" if price is None else "_with_" + sign_key(number(price))
        sentences.append(
            voice.say(
                f"foreign_most_{direction}{beside}",
                name=name(fact.entity),
                value=size(fact),
                window=voice.window(fact.period),
                price="" if price is None else size(price),
            )
        )
    return sentences


def shares(evidence: Evidence, voice: Voice, window: str) -> list[str]:
    """Return what is said of the shares most bought and sold, where any are known."""
    codes = set(evidence.codes) | {MARKET_ENTITY}
    found = [
        fact
        for fact in evidence.of_metric("foreign_net_value")
        if fact.entity not in codes and fact.period == window
    ]
    found.sort(key=lambda f: (-number(f), f.id))
    sentences = []
    for direction in ("up", "down"):
        side = [f for f in found if sign_key(number(f)) == direction]
        side = side[:SHOWN_SHARES] if direction == "up" else side[::-1][:SHOWN_SHARES]
        if side:
            parts = [voice.say("share", name=name(f.entity), value=size(f)) for f in side]
            sentences.append(
                voice.say(
                    f"shares_{direction}", parts=voice.joined(parts), window=voice.window(window)
                )
            )
    return sentences


def whale(evidence: Evidence, voice: Voice) -> Piece:
    """Answer where trading is unusually large."""
    window = evidence.window_of("whale_ratio")
    if window is None:
        return Piece(voice.say("no_trading"))
    sectors = evidence.ranked("whale_ratio", window, evidence.asked or None)
    if not sectors:
        return Piece(voice.say("no_trading"))
    own = _own_blocks(evidence, voice, window)
    lines = [_busy(fact, evidence, voice) for fact in (sectors if evidence.asked else sectors[:1])]
    if not evidence.asked and len(sectors) > 1:
        lines.append(_quiet(sectors[-1], voice))
    told = [_busy_shares(evidence, voice, window), *_blocks(evidence, voice, window)]
    lines = [*own, *lines]
    return Piece.of(lines[0], lines[1:], told)


def _own_blocks(evidence: Evidence, voice: Voice, window: str) -> list[str]:
    """Return the block trades of the shares that a question on block trades names."""
    if BLOCKS_ASKED.search(evidence.request.question) is None:
        return []
    found = [evidence.fact(s, "block_value", window) for s in evidence.request.symbols]
    return [_block(fact, voice) for fact in found if fact is not None and number(fact) > 0]


def _blocks(evidence: Evidence, voice: Voice, window: str) -> list[str]:
    """Say how much changed hands in block trades and in which shares most, where a source tells of any."""
    groups = {*evidence.codes, MARKET_ENTITY}
    found = [f for f in evidence.of_metric("block_value") if f.period == window and number(f) > 0]
    whole = [f for f in found if f.entity in groups]
    shares = sorted((f for f in found if f.entity not in groups), key=lambda f: (-number(f), f.id))
    if len(whole) != 1 or not shares:
        return []
    parts = [voice.say("share", name=name(f.entity), value=size(f)) for f in shares[:SHOWN_SHARES]]
    group = whole[0].entity
    total = voice.say(
        "blocks_market" if group == MARKET_ENTITY else "blocks",
        name=name(group),
        value=size(whole[0]),
        window=voice.window(window),
    )
    if len(shares) == 1 and number(shares[0]) < number(whole[0]):
        # A mandate leaves out the others.
        return [total, _block(shares[0], voice)]
    return [
        total,
        voice.say(
            "blocks_in" if len(shares) > 1 else "blocks_in_one",
            parts=voice.joined(parts),
            window=voice.window(window),
        ),
    ]


def _block(fact: Fact, voice: Voice) -> str:
    """Return how much of one share changed hands in block trades."""
    return voice.say(
        "blocks", name=name(fact.entity), value=size(fact), window=voice.window(fact.period)
    )


def _busy_shares(evidence: Evidence, voice: Voice, window: str) -> str:
    """Name the shares that trade unusually over the window, else on the last day."""
    for period in dict.fromkeys((window, "1D")):
        unusual = _unusual_shares(evidence, period)
        if len(unusual) == 1:
            return voice.say(
                "busy_shares_one",
                name=name(unusual[0].entity),
                value=signed(unusual[0]),
                window=voice.window(period),
            )
        if unusual:
            parts = [voice.say("busy_share", name=name(f.entity), value=signed(f)) for f in unusual]
            return voice.say("busy_shares", parts=voice.joined(parts), window=voice.window(period))
    if not evidence.request.vocabulary.has_shares:
        return ""
    return voice.say("no_busy_share", window=voice.window(window))


def _busy(fact: Fact, evidence: Evidence, voice: Voice) -> str:
    price = evidence.fact(fact.entity, "return", fact.period)
    beside = "" if price is None else "_with_" + sign_key(number(price))
    kind = "unusual" if number(fact) > UNUSUAL else "asked" if evidence.asked else "usual"
    return voice.say(
        f"busy_{kind}{beside}",
        name=name(fact.entity),
        value=signed(fact),
        window=voice.window(fact.period),
        price="" if price is None else size(price),
    )


def _quiet(fact: Fact, voice: Voice) -> str:
    return voice.say(
        "quiet", name=name(fact.entity), value=signed(fact), window=voice.window(fact.period)
    )


def _unusual_shares(evidence: Evidence, window: str) -> list[Fact]:
    codes = {*evidence.codes, MARKET_ENTITY}
    found = [
        fact
        for fact in evidence.of_metric("whale_ratio")
        if fact.entity not in codes
        and not fact.entity.startswith(MACRO_PREFIX)
        and fact.period == window
        and number(fact) > UNUSUAL
    ]
    return sorted(found, key=lambda f: (-number(f), f.id))[:SHOWN_SHARES]
