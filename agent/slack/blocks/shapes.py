"""How each block must look, as checks put together from small ones.

A check takes a value and where it stands, and yields what is wrong with it, a sentence each. The
builder is not read here: what it may do is not what it did.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from agent.slack.blocks import limits

Check = Callable[[object, str], Iterator[str]]
LIVE = re.compile(r"<(?:[!@#]|https?:|mailto:|tel:)")
"""Begins what Slack turns into a mention or a link."""
CHANNEL = re.compile(r"[CDG][A-Z0-9]{1,30}")
NAME = re.compile(r"[a-z0-9_+'-]+")


def string(most: int, least: int = 1) -> Check:
    """Check a text's length."""

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{at} is no text"
        elif not least <= len(value) <= most:
            yield f"{at} has {len(value)} characters, not {least} to {most}"

    return check


def flag(value: object, at: str) -> Iterator[str]:
    """Check a value that is true or false."""
    if not isinstance(value, bool):
        yield f"{at} is neither true nor false"


def one_of(*allowed: str) -> Check:
    """Check a value of a closed set."""

    def check(value: object, at: str) -> Iterator[str]:
        if value not in allowed:
            yield f"{at} is {value!r}, not one of {', '.join(allowed)}"

    return check


def whole(most: int) -> Check:
    """Check a whole number from 0."""

    def check(value: object, at: str) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            yield f"{at} is {value!r}, not a whole number up to {most}"

    return check


def items(inner: Check, most: int, least: int = 1) -> Check:
    """Check a list and each of its items."""

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, list | tuple):
            yield f"{at} is no list"
            return
        if not least <= len(value) <= most:
            yield f"{at} has {len(value)} items, not {least} to {most}"
        for position, item in enumerate(value):
            yield from inner(item, f"{at}/{position}")

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """Check an object: its required keys, its optional ones, and that there is no other."""
    known = {**required, **(optional or {})}

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{at} is no object"
            return
        yield from (f"{at} has no {key}" for key in required if key not in value)
        yield from (f"{at} has an unknown {key}" for key in value if key not in known)
        for key, inner in known.items():
            if key in value:
                yield from inner(value[key], f"{at}/{key}")

    return check


def by_type(kinds: Mapping[str, Check]) -> Check:
    """Check an object by the shape that its type has."""

    def check(value: object, at: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in kinds:
            yield f"{at} is of the type {kind!r}, not one of {', '.join(kinds)}"
            return
        yield from kinds[kind](value, at)

    return check


def of(
    kind: str, required: Mapping[str, Check], optional: Mapping[str, Check] | None = None
) -> Check:
    """Check an object of one type."""
    return shape({"type": one_of(kind), **required}, optional)


def plain(most: int) -> Check:
    """Check a ``plain_text`` object."""
    return of("plain_text", {"text": string(most)}, {"emoji": flag})


def words(most: int) -> Check:
    """Check a text object of either kind."""
    inner = of("mrkdwn", {"text": string(most)}, {"verbatim": flag})

    def marked(value: object, at: str) -> Iterator[str]:
        yield from inner(value, at)
        if isinstance(value, dict) and LIVE.search(str(value.get("text"))):
            yield f"{at}/text mentions or links"

    return by_type({"plain_text": plain(most), "mrkdwn": marked})


CONFIRM = shape(
    {
        "title": plain(limits.CONFIRM_TITLE),
        "text": words(limits.CONFIRM_TEXT),
        "confirm": plain(limits.CONFIRM_BUTTON),
        "deny": plain(limits.CONFIRM_BUTTON),
    },
    {"style": one_of("primary", "danger")},
)
ACTION_ID = {"action_id": string(limits.ACTION_ID)}
STYLE = one_of("primary", "danger")
OPTION = shape(
    {"text": words(limits.OPTION_TEXT), "value": string(limits.OPTION_VALUE)},
    {"description": plain(limits.OPTION_DESCRIPTION)},
)
BUTTON = of(
    "button",
    {"text": plain(limits.BUTTON_TEXT), **ACTION_ID},
    {
        "value": string(limits.BUTTON_VALUE),
        "url": string(limits.BUTTON_URL),
        "style": STYLE,
        "confirm": CONFIRM,
        "accessibility_label": string(limits.ACCESSIBILITY_LABEL),
    },
)
SELECT = of(
    "static_select",
    {**ACTION_ID, "options": items(OPTION, limits.SELECT_OPTIONS)},
    {"placeholder": plain(limits.PLACEHOLDER), "initial_option": OPTION, "confirm": CONFIRM},
)
OVERFLOW = of(
    "overflow",
    {**ACTION_ID, "options": items(OPTION, limits.OVERFLOW_OPTIONS)},
    {"confirm": CONFIRM},
)
IMAGE_ELEMENT = of(
    "image", {"alt_text": string(limits.ALT_TEXT), "image_url": string(limits.IMAGE_URL)}
)
THUMB = shape(
    {"text": plain(limits.BUTTON_TEXT), "value": string(limits.BUTTON_VALUE)},
    {"accessibility_label": string(limits.ACCESSIBILITY_LABEL)},
)
FEEDBACK = of("feedback_buttons", {**ACTION_ID, "positive_button": THUMB, "negative_button": THUMB})
ICON = of(
    "icon_button",
    {"icon": one_of("trash"), "text": plain(limits.BUTTON_TEXT), **ACTION_ID},
    {"value": string(limits.BUTTON_VALUE), "confirm": CONFIRM},
)
INTERACTIVE = {"button": BUTTON, "static_select": SELECT, "overflow": OVERFLOW}

# Rich text

LOOKS = shape({}, dict.fromkeys(("bold", "italic", "strike", "code"), flag))
TEXT = of("text", {"text": string(limits.BLOCKS_TEXT)}, {"style": LOOKS})


def emoji_name(value: object, at: str) -> Iterator[str]:
    """Check the name of an emoji."""
    if not isinstance(value, str) or not NAME.fullmatch(value):
        yield f"{at} is no name of an emoji"


EMOJI = of("emoji", {"name": emoji_name}, {"unicode": string(64)})


def channel_id(value: object, at: str) -> Iterator[str]:
    """Check the id of a channel."""
    if not isinstance(value, str) or not CHANNEL.fullmatch(value):
        yield f"{at} is no id of a channel"


SPOKEN = items(
    by_type({"text": TEXT, "emoji": EMOJI, "channel": of("channel", {"channel_id": channel_id})}),
    limits.BLOCKS_TEXT,
)
"""Neither a person nor a link: nothing that this app says calls anybody or leads elsewhere."""
RICH_SECTION = of("rich_text_section", {"elements": SPOKEN})
RICH_LIST = of(
    "rich_text_list",
    {
        "style": one_of("bullet", "ordered"),
        "elements": items(RICH_SECTION, limits.BLOCKS_TEXT),
    },
    {"indent": whole(limits.LIST_INDENT), "offset": whole(limits.BLOCKS_TEXT), "border": whole(1)},
)
RICH_PREFORMATTED = of(
    "rich_text_preformatted",
    {"elements": items(by_type({"text": TEXT}), limits.BLOCKS_TEXT)},
    {"border": whole(1)},
)
RICH_QUOTE = of("rich_text_quote", {"elements": SPOKEN}, {"border": whole(1)})
RICH = {
    "elements": items(
        by_type(
            {
                "rich_text_section": RICH_SECTION,
                "rich_text_list": RICH_LIST,
                "rich_text_preformatted": RICH_PREFORMATTED,
                "rich_text_quote": RICH_QUOTE,
            }
        ),
        limits.BLOCKS_TEXT,
    )
}

# Tables

COLUMN = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": flag})
CELL = by_type(
    {
        "raw_text": of("raw_text", {"text": string(limits.TABLE_TEXT)}),
        "rich_text": of("rich_text", RICH),
    }
)
ROWS = items(items(CELL, limits.TABLE_COLUMNS), limits.TABLE_ROWS)

# Blocks

BLOCK_ID = {"block_id": string(limits.BLOCK_ID)}


def _section(value: object, at: str) -> Iterator[str]:
    fields = items(words(limits.FIELD_TEXT), limits.SECTION_FIELDS)
    accessory = by_type({**INTERACTIVE, "image": IMAGE_ELEMENT})
    known = {"text": words(limits.SECTION_TEXT), "fields": fields, "accessory": accessory}
    yield from of("section", {}, {**known, **BLOCK_ID, "expand": flag})(value, at)
    if isinstance(value, dict) and not value.keys() & {"text", "fields"}:
        yield f"{at} has neither text nor fields"


CONTEXT = by_type(
    {
        "plain_text": plain(limits.TEXT_OBJECT),
        "mrkdwn": words(limits.TEXT_OBJECT),
        "image": IMAGE_ELEMENT,
    }
)
BLOCKS: Mapping[str, Check] = {
    "header": of("header", {"text": plain(limits.HEADER_TEXT)}, BLOCK_ID),
    "section": _section,
    "divider": of("divider", {}, BLOCK_ID),
    "context": of("context", {"elements": items(CONTEXT, limits.CONTEXT_ELEMENTS)}, BLOCK_ID),
    "actions": of("actions", {"elements": items(by_type(INTERACTIVE), limits.ACTIONS)}, BLOCK_ID),
    "context_actions": of(
        "context_actions",
        {
            "elements": items(
                by_type({"feedback_buttons": FEEDBACK, "icon_button": ICON}), limits.CONTEXT_ACTIONS
            )
        },
        BLOCK_ID,
    ),
    "rich_text": of("rich_text", RICH, BLOCK_ID),
    "markdown": of("markdown", {"text": string(limits.MARKDOWN_TEXT)}, BLOCK_ID),
    "image": of(
        "image",
        {"alt_text": string(limits.ALT_TEXT), "image_url": string(limits.IMAGE_URL)},
        {"title": plain(limits.IMAGE_TITLE), **BLOCK_ID},
    ),
    "table": of(
        "table",
        {"rows": ROWS},
        {"column_settings": items(COLUMN, limits.TABLE_COLUMNS, 0), **BLOCK_ID},
    ),
}
"""Type → its check."""
EVERYWHERE = frozenset(BLOCKS) - {"context_actions", "markdown", "table"}
"""Blocks that a Home tab takes too."""
