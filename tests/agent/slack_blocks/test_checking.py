"""The check itself: a message broken in any one way is caught."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from agent.slack.blocks import Attachment, SlackMessage, limits, problems, view_problems
from agent.slack.blocks.shapes import BLOCKS as SHAPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Path = tuple[str | int, ...]

OPTIONAL = frozenset({
    "emoji", "verbatim", "style", "indent", "offset", "border", "block_id", "column_settings",
    "align", "is_wrapped", "confirm", "url", "accessibility_label", "description", "placeholder",
    "initial_option", "accessory", "fields", "title", "expand", "unicode", "bold", "italic",
})  # fmt: skip
"""Keys that a block may do without; ``value`` is optional for a button only."""


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def option(text: str) -> dict[str, Any]:
    return {"text": plain(text), "value": "one", "description": plain("more")}


CONFIRM = {
    "title": plain("Sure?"),
    "text": {"type": "mrkdwn", "text": "It goes."},
    "confirm": plain("Yes"),
    "deny": plain("No"),
    "style": "danger",
}
THUMB = {"text": plain("Good"), "value": "up run", "accessibility_label": "good"}
IMAGE = {"type": "image", "alt_text": "heatmap", "image_url": "https://example.com/a.png"}
TEXT = {"type": "text", "text": "words", "style": {"bold": True}}
SPOKEN = {
    "type": "rich_text_section",
    "elements": [
        TEXT,
        {"type": "emoji", "name": "wave", "unicode": "1f44b"},
        {"type": "channel", "channel_id": "C012AB3CD"},
    ],
}
BLOCKS: list[dict[str, Any]] = [
    {"type": "header", "block_id": "top", "text": plain("Title")},
    {
        "type": "section",
        "block_id": "words",
        "text": {"type": "mrkdwn", "text": "*bold*", "verbatim": True},
        "fields": [plain("left"), plain("right")],
        "accessory": {
            "type": "static_select",
            "action_id": "pick",
            "placeholder": plain("Pick"),
            "options": [option("One")],
            "initial_option": option("One"),
            "confirm": CONFIRM,
        },
    },
    {"type": "divider", "block_id": "line"},
    {"type": "context", "block_id": "small", "elements": [plain("small"), IMAGE]},
    {
        "type": "rich_text",
        "block_id": "rich",
        "elements": [
            SPOKEN,
            {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [SPOKEN]},
            {"type": "rich_text_preformatted", "border": 0, "elements": [TEXT]},
            {"type": "rich_text_quote", "elements": [TEXT]},
        ],
    },
    {"type": "markdown", "block_id": "marks", "text": "**bold**"},
    {**IMAGE, "block_id": "chart", "title": plain("Chart")},
    {
        "type": "actions",
        "block_id": "buttons",
        "elements": [
            {
                "type": "button",
                "text": plain("Ask"),
                "action_id": "ask_0",
                "value": "Which sectors lead?",
                "style": "primary",
                "url": "https://example.com",
                "accessibility_label": "ask",
                "confirm": CONFIRM,
            },
            {"type": "overflow", "action_id": "more", "options": [option("A")], "confirm": CONFIRM},
        ],
    },
    {
        "type": "context_actions",
        "block_id": "thumbs",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "feedback",
                "positive_button": THUMB,
                "negative_button": THUMB,
            },
            {"type": "icon_button", "icon": "trash", "text": plain("Delete"), "action_id": "bin"},
        ],
    },
    {
        "type": "table",
        "block_id": "heat",
        "column_settings": [{"align": "left", "is_wrapped": True}, {"align": "right"}],
        "rows": [
            [{"type": "raw_text", "text": "Sector"}, {"type": "raw_text", "text": "1M"}],
            [
                {"type": "raw_text", "text": "Banks"},
                {"type": "rich_text", "elements": [SPOKEN]},
            ],
        ],
    },
]


def message(blocks: Any = None, text: str = "The lead", **more: Any) -> SlackMessage:
    return SlackMessage(text=text, blocks=tuple(BLOCKS if blocks is None else blocks), **more)


def places(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every value of the blocks and where it stands."""
    if path:
        yield path, value
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*path, key))


def replaced(path: Path, new: Any) -> list[dict[str, Any]]:
    """Return the blocks with one value replaced."""
    blocks: Any = copy.deepcopy(BLOCKS)
    at = blocks
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = new
    return list(blocks)


def removed(path: Path) -> list[dict[str, Any]]:
    blocks: Any = copy.deepcopy(BLOCKS)
    at = blocks
    for key in path[:-1]:
        at = at[key]
    del at[path[-1]]
    return list(blocks)


def value_at(path: Path) -> Any:
    found: Any = BLOCKS
    for key in path:
        found = found[key]
    return found


EVERY = [path for path, _ in places(BLOCKS)]
OBJECTS = [path for path in EVERY if isinstance(value_at(path), dict)]
LISTS = [path for path in EVERY if isinstance(value_at(path), list)]
TEXTS = [path for path in EVERY if isinstance(value_at(path), str)]


def may_go(path: Path) -> bool:
    """Whether a block may do without the value at a place."""
    key, holder = path[-1], value_at(path[:-1])
    if isinstance(key, int):
        return len(holder) > 1 or key_of(path) == "column_settings"
    if key == "value":
        return holder.get("type") in {"button", "icon_button"}
    if key == "text" and holder.get("type") == "section":
        return True
    return key in OPTIONAL and not (key == "style" and holder.get("type") == "rich_text_list")


def key_of(path: Path) -> str:
    return next(str(key) for key in reversed(path) if isinstance(key, str))


def named(path: Path) -> str:
    return "/".join(map(str, path))


class TestASoundMessage:
    def test_every_kind_of_block_passes(self) -> None:
        assert problems(message()) == []

    def test_a_file_with_a_name_and_content_passes(self) -> None:
        assert problems(message(file=Attachment("brief.md", b"# Brief"))) == []


def uncaught(paths: list[Path], broken: Callable[[Path], list[dict[str, Any]]]) -> list[str]:
    """Return the places at which a break is not caught."""
    return [named(path) for path in paths if not problems(message(broken(path)))]


class TestEverySingleBreak:
    def test_the_sample_has_places_of_every_kind(self) -> None:
        assert min(len(OBJECTS), len(LISTS), len(TEXTS)) > 10
        assert {block["type"] for block in BLOCKS} == set(SHAPES)

    def test_what_is_missing_is_caught(self) -> None:
        assert uncaught([path for path in EVERY if not may_go(path)], removed) == []

    def test_an_unknown_key_is_caught(self) -> None:
        assert uncaught(OBJECTS, lambda p: replaced(p, {**value_at(p), "colour": "red"})) == []

    def test_a_value_of_another_kind_is_caught(self) -> None:
        plain_values = [path for path in EVERY if not isinstance(value_at(path), dict | list)]
        assert uncaught(plain_values, lambda p: replaced(p, 7.5)) == []
        assert uncaught([*OBJECTS, *LISTS], lambda p: replaced(p, "text")) == []

    def test_nothing_in_the_place_of_a_value_is_caught(self) -> None:
        assert uncaught(EVERY, lambda p: replaced(p, None)) == []

    def test_an_empty_text_is_caught(self) -> None:
        assert uncaught(TEXTS, lambda p: replaced(p, "")) == []

    def test_a_text_longer_than_anything_may_be_is_caught(self) -> None:
        assert uncaught(TEXTS, lambda p: replaced(p, "x" * 12_001)) == []

    def test_an_empty_list_is_caught(self) -> None:
        required = [path for path in LISTS if path[-1] != "column_settings"]
        assert uncaught(required, lambda p: replaced(p, [])) == []

    def test_an_unknown_type_is_caught(self) -> None:
        typed = [path for path in OBJECTS if "type" in value_at(path)]
        assert uncaught(typed, lambda p: replaced(p, {**value_at(p), "type": "hologram"})) == []


def button(at: int, **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain("Ask"), "action_id": f"ask_{at}", **more}


def table(rows: int, columns: int, text: str = "x") -> dict[str, Any]:
    cell = {"type": "raw_text", "text": text}
    return {"type": "table", "rows": [[cell] * columns for _ in range(rows)]}


def long_table(characters: int) -> dict[str, Any]:
    """Return a table of so many characters in two cells."""
    cells = ("x" * (characters - 9), "x" * 9)
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text}] for text in cells]}


def listed(indent: int) -> dict[str, Any]:
    return {"type": "rich_text_list", "style": "bullet", "indent": indent, "elements": [SPOKEN]}


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": plain(text)}


AT_LIMITS: dict[str, tuple[int, Callable[[int], list[dict[str, Any]]]]] = {
    "blocks": (limits.BLOCKS_IN_MESSAGE, lambda n: [{"type": "divider"}] * n),
    "header": (limits.HEADER_TEXT, lambda n: [{"type": "header", "text": plain("x" * n)}]),
    "section": (limits.SECTION_TEXT, lambda n: [section("x" * n)]),
    "all text": (limits.BLOCKS_TEXT, lambda n: [section("x" * (n // 5 + (at < n % 5))) for at in range(5)]),
    "fields": (limits.SECTION_FIELDS, lambda n: [{"type": "section", "fields": [plain("x")] * n}]),
    "field": (limits.FIELD_TEXT, lambda n: [{"type": "section", "fields": [plain("x" * n)]}]),
    "context": (limits.CONTEXT_ELEMENTS, lambda n: [{"type": "context", "elements": [plain("x")] * n}]),
    "actions": (limits.ACTIONS, lambda n: [{"type": "actions", "elements": [button(at) for at in range(n)]}]),
    "button text": (
        limits.BUTTON_TEXT,
        lambda n: [{"type": "actions", "elements": [button(0) | {"text": plain("x" * n)}]}],
    ),
    "button value": (
        limits.BUTTON_VALUE,
        lambda n: [{"type": "actions", "elements": [button(0, value="x" * n)]}],
    ),
    "action id": (
        limits.ACTION_ID,
        lambda n: [{"type": "actions", "elements": [button(0) | {"action_id": "x" * n}]}],
    ),
    "block id": (limits.BLOCK_ID, lambda n: [{"type": "divider", "block_id": "x" * n}]),
    "markdown": (limits.MARKDOWN_TEXT, lambda n: [{"type": "markdown", "text": "x" * n}]),
    "tables": (limits.TABLES_IN_MESSAGE, lambda n: [table(2, 2)] * n),
    "rows": (limits.TABLE_ROWS, lambda n: [table(n, 2)]),
    "columns": (limits.TABLE_COLUMNS, lambda n: [table(2, n)]),
    "cells": (limits.TABLE_TEXT, lambda n: [long_table(n)]),
    "indent": (limits.LIST_INDENT, lambda n: [{"type": "rich_text", "elements": [listed(n)]}]),
}  # fmt: skip
"""What is limited → its limit, and blocks that have so much of it."""


class TestLimits:
    @pytest.mark.parametrize("name", AT_LIMITS)
    def test_exactly_as_much_as_allowed_passes(self, name: str) -> None:
        most, blocks = AT_LIMITS[name]
        assert problems(message(blocks(most))) == []

    @pytest.mark.parametrize("name", AT_LIMITS)
    def test_one_more_is_caught(self, name: str) -> None:
        most, blocks = AT_LIMITS[name]
        assert problems(message(blocks(most + 1)))

    def test_the_texts_limit(self) -> None:
        assert problems(message(text="x" * limits.MESSAGE_TEXT)) == []
        assert problems(message(text="x" * (limits.MESSAGE_TEXT + 1)))

    def test_no_blocks_at_all_are_caught(self) -> None:
        assert problems(message([])) == ["there are 0 blocks, not 1 to 50"]


class TestWhatStandsBetweenBlocks:
    @pytest.mark.parametrize(
        "text", ["", "  ", "<!channel> look", "<@U1>", "<https://a.example|x>"]
    )
    def test_a_text_that_is_empty_or_calls_is_caught(self, text: str) -> None:
        assert problems(message(text=text))

    def test_a_mention_in_markup_is_caught(self) -> None:
        block = {"type": "section", "text": {"type": "mrkdwn", "text": "hi <!here>"}}
        assert problems(message([block])) == ["blocks/0/text/text mentions or links"]

    def test_a_block_id_used_twice_is_caught(self) -> None:
        assert problems(message([{"type": "divider", "block_id": "a"}] * 2))

    def test_an_action_id_used_twice_in_a_row_is_caught(self) -> None:
        assert problems(message([{"type": "actions", "elements": [button(0), button(0)]}]))

    def test_rows_of_different_lengths_are_caught(self) -> None:
        uneven = table(2, 2)
        uneven["rows"][1] = uneven["rows"][1][:1]
        assert problems(message([uneven])) == ["the rows of the table are not of one length"]

    def test_a_cell_of_spaces_is_caught(self) -> None:
        assert problems(message([table(1, 1, "  ")])) == ["the table has an empty cell"]

    @pytest.mark.parametrize("file", [Attachment("", b"x"), Attachment("a.md", b"")])
    def test_a_file_without_name_or_content_is_caught(self, file: Attachment) -> None:
        assert problems(message(file=file))

    def test_a_section_without_anything_is_caught(self) -> None:
        assert problems(message([{"type": "section"}]))


class TestViews:
    def view(self, **more: Any) -> dict[str, Any]:
        return {"type": "home", "blocks": [{"type": "divider"}], **more}

    def test_a_home_tab_passes(self) -> None:
        assert view_problems(self.view(private_metadata="x" * limits.PRIVATE_METADATA)) == []

    @pytest.mark.parametrize("kind", ["table", "markdown", "context_actions"])
    def test_a_block_that_only_messages_take_is_caught(self, kind: str) -> None:
        block = next(block for block in BLOCKS if block["type"] == kind)
        assert view_problems(self.view(blocks=[block]))

    @pytest.mark.parametrize(
        "more",
        [
            {"blocks": []},
            {"blocks": [{"type": "divider"}] * (limits.BLOCKS_IN_VIEW + 1)},
            {"type": "modal"},
            {"private_metadata": "x" * (limits.PRIVATE_METADATA + 1)},
            {"callback_id": "x" * (limits.CALLBACK_ID + 1)},
            {"external_id": "x" * (limits.CALLBACK_ID + 1)},
            {"title": plain("no")},
            {"blocks": [section("x" * 3000)] * 90},
        ],
    )
    def test_a_broken_home_tab_is_caught(self, more: dict[str, Any]) -> None:
        assert view_problems(self.view(**more))
