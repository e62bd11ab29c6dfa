"""What a question takes for granted of a sector, held against the facts.

"Why is it ranked low?" of a sector that ranks fourth of twelve is answered by that first; the reasons come after.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from agent.brief.evidence import number
from agent.brief.lexicon import entity_forms
from agent.brief.prose import flows, moves
from agent.brief.prose.outlook import horizon_of
from agent.brief.prose.voice import name, sign_key, signed

if TYPE_CHECKING:
    from agent.brief.evidence import Evidence
    from agent.brief.prose.piece import Piece
    from agent.brief.prose.voice import Voice

WORDS: dict[tuple[str, str], str] = {
    (
        "rank",
        "first",
    ): r"first|number one|at the top|top of|highest|dung dau|dau bang|cao nhat|so mot|hang nhat",
    (
        "rank",
        "last",
    ): r"last|at the bottom|bottom of|lowest|dung cuoi|xep cuoi|cuoi bang|chot bang|doi so|thap nhat",
    ("rank", "high"): r"high|highly|favou?red|rated well|cao|danh gia tot|duoc uu tien",
    ("rank", "low"): r"low|lowly|rated poorly|out of favou?r|thap|danh gia kem|bi ha",
    (
        "price",
        "up",
    ): r"strong|stronger|strength|leading|leads?|outperform\w*|rall(?:y|ied|ying)|manh|dan dat|dan song"
    r"|dan dau|vuot troi|khoe",
    (
        "price",
        "down",
    ): r"weak|weaker|weakness|lagging|lags?|laggard|underperform\w*|trailing|yeu|tut hau|duoi suc|kem",
    ("flow", "up"): r"buying|bought|buyers|accumulating|mua rong|mua vao|dang mua|gom",
    ("flow", "down"): r"selling|sold|sellers|dumping|ban rong|ban ra|dang ban|xa hang|rut von|thao",
}
"""What is taken for granted → how it is said, in English and in Vietnamese without its marks."""
STRONGER = {"high": "first", "low": "last"}
"""Place → the one beside it that says more."""
AHEAD = re.compile(
    r"\b(?:will|likely|going to|next|expect\w*|poised|going forward|se|sap toi|toi day|ky vong)\b"
)
"""What speaks of the time to come, of which nothing can be taken for granted."""
DENIED = re.compile(
    r"\b(?:not|isn.t|aren.t|never|no longer|chua|chang|khong (?!(?:a|nhi|vay|the|ha|nhe)\b))\b"
)
WHETHER = re.compile(
    r"^(?:and |so |but )?(?:is|are|was|were|do|does|did|has|have)\b|\bkhong\s*(?:a|nhi|vay|the)?\s*\?*$|\bphai khong\b"
)
FOREIGN = re.compile(r"\b(?:foreign\w*|offshore|khoi ngoai|tay|nuoc ngoai|von ngoai|ngoai)\b")


class Premise(NamedTuple):
    """One thing taken for granted: of what, and which way."""

    kind: str
    side: str
    asked: bool
    """Whether the question asks if it is so, instead of why."""


def premise_of(evidence: Evidence, sector: str) -> Premise | None:
    """Return what the question takes for granted of a sector; None where it says nothing, or both ways."""
    text = _plain(evidence.request.question)
    for code in evidence.codes:
        for form in _names(evidence, code):
            text = re.sub(rf"\b{re.escape(form)}\b", " ", text)
    if sector not in evidence.codes or DENIED.search(text) or AHEAD.search(text):
        return None
    found = [key for key, words in WORDS.items() if re.search(rf"\b(?:{words})\b", text)]
    if FOREIGN.search(text):
        found = [key for key in found if key[0] == "flow"]
    else:
        found = [key for key in found if key[0] != "flow"]
    for weaker, stronger in STRONGER.items():
        if ("rank", stronger) in found and ("rank", weaker) in found:
            found.remove(("rank", weaker))
    if len(found) != 1:
        return None
    return Premise(*found[0], asked=WHETHER.search(text) is not None)


def flow(evidence: Evidence, voice: Voice) -> Piece:
    """Answer what foreigners bought and sold; where the question takes something wrong for granted, that first."""
    piece = flows.flow(evidence, voice)
    answer = checked(evidence, voice, evidence.asked[0]) if len(evidence.asked) == 1 else ""
    return piece._replace(headline=answer) if answer else piece


def checked(evidence: Evidence, voice: Voice, sector: str) -> str:
    """Return what the facts say to a premise: that it does not hold, or, where that is asked, that it does."""
    premise = premise_of(evidence, sector)
    if premise is None:
        return ""
    if premise.kind == "rank":
        return _rank(premise, evidence, voice, sector)
    return _sign(premise, evidence, voice, sector)


def _rank(premise: Premise, evidence: Evidence, voice: Voice, sector: str) -> str:
    """Hold a place in the ranking against the scorecard."""
    row, horizon = evidence.score_of(sector), horizon_of(evidence)
    rank = evidence.fact(sector, "rank", horizon)
    if row is None or rank is None:
        return ""
    count = len(evidence.scores)
    true = {
        "first": row.rank == 1,
        "last": row.rank == count,
        "high": 2 * row.rank <= count + 1,
        "low": 2 * row.rank > count + 1,
    }[premise.side]
    parts = {"name": name(sector), "rank": signed(rank), "horizon": voice.ahead(horizon)}
    if true:
        return voice.say("rank_so", **parts) if premise.asked else ""
    edge = evidence.scores[0 if premise.side in {"first", "high"} else -1].sector
    return voice.say(f"not_{premise.side}", edge=name(edge), **parts)


def _sign(premise: Premise, evidence: Evidence, voice: Voice, sector: str) -> str:
    """Hold a direction against the relative return, or against what foreigners did."""
    metric = "rel_return" if premise.kind == "price" else "foreign_net_value"
    fact = evidence.fact(sector, metric, evidence.window_of(metric))
    if fact is None or not number(fact):
        return ""
    sentence = (
        moves.relative(fact, voice) if premise.kind == "price" else flows.net(fact, evidence, voice)
    )
    if sign_key(number(fact)) == premise.side:
        return voice.say("so", sentence=_lowered(sentence)) if premise.asked else ""
    return voice.say("no" if premise.asked else "not_so", sentence=_lowered(sentence))


def _lowered(sentence: str) -> str:
    """Return a sentence as it goes on after a colon: its first letter small, unless a slot or a name opens it."""
    return sentence[:1].lower() + sentence[1:]


def _names(evidence: Evidence, code: str) -> list[str]:
    forms = (
        form
        for language in ("en", "vi")
        for form in entity_forms(code, evidence.request.vocabulary, language)
    )
    return sorted({_plain(form) for form in forms}, key=len, reverse=True)


def _plain(text: str) -> str:
    """Return a text in small letters without diacritics."""
    split = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in split if not unicodedata.combining(letter))
