"""One share looked at closely, in a few sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.evidence import number
from agent.brief.prose.moves import move, relative
from agent.brief.prose.piece import Piece
from agent.brief.prose.voice import name, sign_key, signed, size

if TYPE_CHECKING:
    from agent.brief.evidence import Evidence
    from agent.brief.prose.voice import Voice


def stock(evidence: Evidence, voice: Voice) -> Piece:
    """Answer how a share, fund or index stands."""
    symbols = [s for s in evidence.request.symbols if _known(evidence, s)] or _found(evidence)
    pieces = [_one(symbol, evidence, voice) for symbol in symbols]
    if not pieces:
        return Piece(voice.say("nothing_known"))
    piece = pieces[0]
    for other in pieces[1:]:
        piece = piece.joined(other)
    return piece


def _one(symbol: str, evidence: Evidence, voice: Voice) -> Piece:
    window = next(
        (
            w
            for w in (evidence.window, "1M", "3M", "1W", "1D")
            if evidence.fact(symbol, "return", w)
        ),
        "1M",
    )
    own = evidence.fact(symbol, "return", window)
    against = evidence.fact(symbol, "rel_return", window)
    first = []
    if own is not None and against is not None:
        first = [
            voice.say(
                f"stock_{sign_key(number(own))}_{sign_key(number(against))}",
                name=name(symbol),
                own=size(own),
                against=size(against),
                window=voice.window(window),
            )
        ]
    elif own is not None:
        first = [move(own, voice)]
    if not first:
        return Piece(voice.say("nothing_known_of", name=name(symbol)))
    return Piece.of(
        first[0],
        [*_longer(symbol, window, evidence, voice), *_risk(symbol, evidence, voice)],
        [*_trading(symbol, evidence, voice), *_sector(symbol, evidence, voice)],
    )


def _longer(symbol: str, window: str, evidence: Evidence, voice: Voice) -> list[str]:
    for other in ("12M", "6M", "3M"):
        fact = evidence.fact(symbol, "rel_return", other)
        if fact is not None and other != window:
            return [relative(fact, voice)]
    return []


def _risk(symbol: str, evidence: Evidence, voice: Voice) -> list[str]:
    volatility = evidence.fact(symbol, "volatility", "3M") or evidence.fact(
        symbol, "volatility", "1M"
    )
    fall = evidence.fact(symbol, "drawdown", "12M") or evidence.fact(symbol, "drawdown", "3M")
    if volatility is None or fall is None:
        return []
    return [
        voice.say(
            "stock_risk" if number(fall) < 0 else "stock_risk_high",
            name=name(symbol),
            volatility=signed(volatility),
            window=voice.window(volatility.period),
            fall=size(fall),
            fall_window=voice.window(fall.period),
        )
    ]


def _trading(symbol: str, evidence: Evidence, voice: Voice) -> list[str]:
    sentences = []
    for period in ("1M", "1W"):
        net = evidence.fact(symbol, "foreign_net_value", period)
        if net is not None and number(net) != 0:
            sentences.append(
                voice.say(
                    f"foreign_{sign_key(number(net))}_bare",
                    name=name(symbol),
                    value=size(net),
                    share="",
                    window=voice.window(period),
                )
            )
            break
    ratio = evidence.fact(symbol, "whale_ratio", "1D") or evidence.fact(symbol, "whale_ratio", "1W")
    if ratio is not None:
        key = "busy_unusual" if number(ratio) > 2 else "busy_asked"
        sentences.append(
            voice.say(
                key,
                name=name(symbol),
                value=signed(ratio),
                window=voice.window(ratio.period),
                price="",
            )
        )
    return sentences


def _sector(symbol: str, evidence: Evidence, voice: Voice) -> list[str]:
    """Return where its sector stands."""
    code = next((s.sector for s in evidence.request.vocabulary.symbols if s.symbol == symbol), "")
    sentences = []
    fact = evidence.fact(code, "rel_return", "1M") if code else None
    if fact is not None:
        sentences.append(
            voice.say(
                "its_sector_" + sign_key(number(fact)),
                name=name(code),
                symbol=name(symbol),
                size=size(fact),
                window=voice.window(fact.period),
            )
        )
    if code and evidence.label(code, "quadrant"):
        sentences.append(
            voice.say(f"quadrant_{evidence.label(code, 'quadrant')}_one", names=name(code))
        )
    return sentences


def _known(evidence: Evidence, symbol: str) -> bool:
    return any(fact.entity == symbol for fact in evidence.facts.values())


def _found(evidence: Evidence) -> list[str]:
    """Return the symbol the facts speak of, where the plan names none."""
    symbols = {s.symbol for s in evidence.request.vocabulary.symbols}
    return list(dict.fromkeys(f.entity for f in evidence.facts.values() if f.entity in symbols))[:1]
