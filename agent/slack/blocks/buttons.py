"""The buttons below an answer, and what their presses mean.

Every press carries all that is needed to act on it:

==================  ===================================================================
action id           value
==================  ===================================================================
``ask_0``, ``…_1``  a question, to be asked as it stands in the same thread
``choose_0``, …     a choice of a question asked back, to be said in the same thread
``feedback``        ``up RUN_ID`` or ``down RUN_ID`` (:func:`agent.slack.feedback.read_vote`)
``unsubscribe_7``   the id of a subscription
==================  ===================================================================

``ASK``, ``CHOOSE`` and ``UNSUBSCRIBE`` are the beginnings of their action ids, because Slack wants
each id once in a row: match them with ``re.compile(rf"^{ASK}_")``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.slack.blocks import limits
from agent.slack.blocks.heat import spoken_ends
from agent.slack.blocks.parts import actions, button
from agent.slack.blocks.words import word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent.brief.evidence import Evidence
    from agent.brief.model import Intent, Language
    from agent.slack.blocks.model import Block

ASK = "ask"
CHOOSE = "choose"
FEEDBACK = "feedback"
UNSUBSCRIBE = "unsubscribe"
UP, DOWN = "up", "down"
MOST_ASKED = 3
QUESTIONS: tuple[tuple[Intent, str], ...] = (
    ("explain", "why"),
    ("compare", "compare"),
    ("flow", "flow"),
    ("scenario", "rates"),
    ("rotation", "rotation"),
    ("brief", "brief"),
)
"""What each follow-up is about, most useful first."""


def follow_ups(evidence: Evidence, language: Language) -> list[Block]:
    """Return buttons for what a reader may ask next, none for what was just answered."""
    answered = {evidence.request.intent, *evidence.request.intents}
    if answered & {"help", "smalltalk", "out_of_scope", "clarify"}:
        answered = {"scenario"}
    elif answered & {"brief", "rotation"}:
        answered |= {"brief", "rotation"}
    ends = spoken_ends(evidence)
    names = {"first": ends[0], "last": ends[1]} if ends else {}
    told = [
        word(key, language).format(**names)
        for intent, key in QUESTIONS
        if intent not in answered and (names or key not in {"why", "compare"})
    ]
    found = told[:MOST_ASKED]
    return [button(text, f"{ASK}_{at}", text) for at, text in enumerate(found)]


def choices(texts: Sequence[str]) -> Block:
    """Return a button for each choice of a question asked back."""
    shown = texts[: limits.ACTIONS]
    return actions([button(text, f"{CHOOSE}_{at}", text) for at, text in enumerate(shown)])


def feedback(run_id: str, language: Language) -> Block:
    """Return the thumbs below an answer."""

    def thumb(key: str, vote: str) -> Block:
        text = {"type": "plain_text", "text": word(key, language)}
        return {"text": text, "value": f"{vote} {run_id}"}

    return {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": FEEDBACK,
                "positive_button": thumb("good", UP),
                "negative_button": thumb("bad", DOWN),
            }
        ],
    }
