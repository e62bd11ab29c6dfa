"""Composing with a model: the fact sheet, the schema of the answer, the draft that is read back.

The sheet holds ids, values as they will be printed, names, gaps and notes, and nothing else: no
tool text, no path, no clock. It is cut to a budget, the facts that matter most for the question
first, so that a model with a short memory still sees what it needs. A fact that is cut can still be
cited by nobody, because its id is not shown.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import prompts
from agent.brains.base import Draft
from agent.brains.openai_prose import printable
from agent.brains.openai_text import without_thoughts
from agent.brief.slots import render_value
from agent.errors import ModelDownError
from tools.contracts import MARKET_ENTITY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agent.brains.base import ComposeRequest
    from agent.brains.openai_client import Reply
    from tools.contracts import Fact, SectorScore

CHARACTERS_PER_TOKEN = 3
"""A cautious guess: ids and numbers take more tokens than prose."""
PROMPT_TOKENS = 1400
"""What the prompt takes beside the sheet, cautiously."""
LEADERS = 3
"""How many sectors at each end of the ranking count as important."""
MAX_PROBLEMS = 20
MAX_QUESTION = 2000
LANGUAGE_NAMES = {"en": "English", "vi": "Vietnamese"}
PARTS = ("paragraphs", "risks", "watch")
SCORE_METRICS = frozenset({"score", "probability", "expected", "low", "high", "rank"})
DRAFT_SCHEMA: dict[str, Any] = {
    "name": "brief",
    "strict": True,
    "schema": {
        "type": "object",
        "properties": {
            "headline": {"type": "string"},
            **{part: {"type": "array", "items": {"type": "string"}} for part in PARTS},
        },
        "required": ["headline", *PARTS],
        "additionalProperties": False,
    },
}


def compose_messages(
    request: ComposeRequest, problems: tuple[str, ...], max_prompt_tokens: int
) -> list[dict[str, str]]:
    """Return the conversation that asks for a brief's prose, or for its one repair."""
    room = max(0, max_prompt_tokens - PROMPT_TOKENS) * CHARACTERS_PER_TOKEN
    facts = chosen_facts(request, room)
    values = {
        "language": LANGUAGE_NAMES[request.language],
        "question": json.dumps(request.question[:MAX_QUESTION], ensure_ascii=False),
        "sheet": sheet(request, facts),
    }
    if problems:
        prompt = prompts.render(
            "repair",
            **values,
            problems="\n".join(
                f"- {' '.join(problem.split())[:300]}" for problem in problems[:MAX_PROBLEMS]
            ),
            slots=" ".join(f"{{{{{fact.id}}}}}" for fact in facts),
        )
    else:
        prompt = prompts.render("compose", **values)
    return [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}]


def chosen_facts(request: ComposeRequest, room: int) -> tuple[Fact, ...]:
    """Return the facts that fit in `room` characters, the most important first."""
    important = _important(request)
    order = sorted(
        enumerate(request.facts.values()),
        key=lambda item: (_weight(item[1], request, important), item[0]),
    )
    chosen: list[Fact] = []
    for _, fact in order:
        room -= len(_line(fact, request))
        if room < 0:
            break
        chosen.append(fact)
    return tuple(chosen)


def sheet(request: ComposeRequest, facts: Iterable[Fact]) -> str:
    """Return the data part of the prompt: names, facts by entity, gaps and notes."""
    by_entity: dict[str, list[Fact]] = {}
    for fact in facts:
        by_entity.setdefault(fact.entity, []).append(fact)
    rows = {row.sector: row for row in request.scorecard.sectors} if request.scorecard else {}
    blocks = [
        f"Market: {request.market.name}. Today: {request.market.last_day.isoformat()}. "
        f"Horizon: {request.horizon}. Intent: {', '.join(request.intents or (request.intent,))}."
        + (" The data are SIMULATED." if request.market.simulated else "")
    ]
    for entity, held in by_entity.items():
        lines = "".join(_line(fact, request) for fact in held).rstrip()
        blocks.append(f"{_title(entity, request, rows.get(entity))}\n{lines}")
    if request.gaps:
        blocks.append(
            "Gaps:\n"
            + "\n".join(f"- {gap.what}: {gap.why}; {gap.effect}" for gap in request.gaps[:12])
        )
    if request.notes:
        blocks.append("Notes:\n" + "\n".join(f"- {note}" for note in request.notes[:12]))
    return "\n\n".join(blocks)


def read_draft(reply: Reply) -> Draft:
    """Read a draft: JSON where it is JSON, else its paragraphs.

    Raises
    ------
    ModelDownError
        When it wrote nothing, or did not come to an end.
    """
    if reply.cut:
        raise ModelDownError("the model was stopped before its text was whole")
    text = printable(without_thoughts(reply.text))
    parts = _json_parts(text) or _text_parts(text)
    if not parts.get("headline"):
        raise ModelDownError("the model answered with nothing that can be read")
    return Draft(
        headline=parts["headline"],
        paragraphs=parts.get("paragraphs", ()),
        risks=parts.get("risks", ()),
        watch=parts.get("watch", ()),
        input_tokens=reply.input_tokens,
        output_tokens=reply.output_tokens,
        model_calls=1,
    )


def _important(request: ComposeRequest) -> frozenset[str]:
    asked = {MARKET_ENTITY, *request.sectors, *request.symbols}
    if request.scorecard is not None and not request.sectors:
        ranked = [row.sector for row in request.scorecard.sectors]
        asked |= {*ranked[:LEADERS], *ranked[-LEADERS:]}
    return frozenset(asked)


def _weight(fact: Fact, request: ComposeRequest, important: frozenset[str]) -> int:
    """Return how late a fact may be cut: small numbers stay longest."""
    at_horizon = fact.period in {None, request.horizon}
    if fact.entity in important:
        return 0 if at_horizon else 2
    if fact.metric in SCORE_METRICS or not at_horizon:
        return 3 if at_horizon else 4
    return 1 if fact.entity.startswith("MACRO.") else 3


def _line(fact: Fact, request: ComposeRequest) -> str:
    return f"  {{{{{fact.id}}}}} = {render_value(fact, request.language)}\n"


def _title(entity: str, request: ComposeRequest, row: SectorScore | None) -> str:
    from agent.brief.lexicon import entity_name

    name = entity_name(entity, request.vocabulary, request.language)
    title = f"{name} {{{{name:{entity}}}}}" if name else entity
    if row is None:
        return title
    quadrant = f", {row.quadrant}" if row.quadrant else ""
    return f"{title}: call {row.call}, confidence {row.confidence}{quadrant}"


def _json_parts(text: str) -> dict[str, Any]:
    start, end = text.find("{"), text.rfind("}")
    try:
        value = json.loads(text[start : end + 1]) if start >= 0 else None
    except ValueError:
        return {}
    if not isinstance(value, dict) or not isinstance(value.get("headline"), str):
        return {}
    parts: dict[str, Any] = {"headline": _one_line(value["headline"])}
    for part in PARTS:
        given = value.get(part) or ()
        listed = given if isinstance(given, list) else [given]
        parts[part] = tuple(
            _one_line(item) for item in listed if isinstance(item, str) and item.strip()
        )
    return parts


def _text_parts(text: str) -> dict[str, Any]:
    """Take plain text: a first sentence and paragraphs; of JSON that was cut off, the headline."""
    if re.match(r"\s*\{(?!\{)", text):
        cut = re.search(r'"headline"\s*:\s*"((?:[^"\\]|\\.)+)"', text)
        return {"headline": _one_line(cut[1])} if cut else {}
    blocks = [_one_line(block) for block in re.split(r"\n\s*\n", text) if block.strip()]
    if not blocks:
        return {}
    first, _, rest = blocks[0].partition(". ")
    headline = first if first.endswith((".", "!", "?")) else f"{first}."
    return {
        "headline": headline,
        "paragraphs": tuple(block for block in (rest, *blocks[1:]) if block),
    }


def _one_line(text: str) -> str:
    """Join a text's lines and drop Markdown that would break out of its paragraph."""
    return re.sub(r"^[#>*\-\s|]+", "", " ".join(printable(text).split()))
