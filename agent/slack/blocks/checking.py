"""Whether a message or a view keeps to Slack's limits: every problem named, by where it stands.

Slack refuses a message whole for one empty cell, and then the answer is lost. So every message is
checked before it is sent, and one with a problem is sent as plain text instead.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from agent.slack.blocks import limits
from agent.slack.blocks.shapes import BLOCKS, EVERYWHERE, LIVE, by_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from agent.slack.blocks.model import Block, SlackMessage
    from agent.slack.blocks.shapes import Check


def problems(message: SlackMessage) -> list[str]:
    """Return what Slack would refuse about a message, or do with it that nobody wants; empty: nothing."""
    blocks = message.blocks
    alone = [*_text(message.text), *_file(message)]
    shapes = [*_each(blocks, BLOCKS, limits.BLOCKS_IN_MESSAGE)]
    # What stands between blocks can only be told of blocks that are well formed.
    between = [] if shapes else [*_tables(blocks), *_long(blocks)]
    return [*alone, *shapes, *between]


def view_problems(view: Block) -> list[str]:
    """Return what Slack would refuse about a Home tab; empty: nothing."""
    known = {"type", "blocks", "callback_id", "external_id", "private_metadata"}
    found = [f"the view has an unknown {key}" for key in view if key not in known]
    if view.get("type") != "home":
        found.append("the view is not of the type home")
    blocks = view.get("blocks") or ()
    found += _each(blocks, {kind: BLOCKS[kind] for kind in EVERYWHERE}, limits.BLOCKS_IN_VIEW)
    for key, most in (
        ("callback_id", limits.CALLBACK_ID),
        ("external_id", limits.CALLBACK_ID),
        ("private_metadata", limits.PRIVATE_METADATA),
    ):
        if len(str(view.get(key, ""))) > most:
            found.append(f"the view's {key} is longer than {most} characters")
    if len(json.dumps(view).encode()) > limits.VIEW_BYTES:
        found.append(f"the view is larger than {limits.VIEW_BYTES} bytes")
    return found


def _text(text: str) -> Iterator[str]:
    if not text.strip():
        yield "the message has no text for notifications"
    if len(text) > limits.MESSAGE_TEXT:
        yield f"the message's text is longer than {limits.MESSAGE_TEXT} characters"
    if LIVE.search(text):
        yield "the message's text mentions or links"


def _each(blocks: Sequence[Block], kinds: Mapping[str, Check], most: int) -> Iterator[str]:
    if not 1 <= len(blocks) <= most:
        yield f"there are {len(blocks)} blocks, not 1 to {most}"
    check = by_type(kinds)
    for position, block in enumerate(blocks):
        yield from check(block, f"blocks/{position}")
        yield from _repeated(_values(block, "action_id"), f"blocks/{position}", "action id")
    yield from _repeated(
        (
            str(block["block_id"])
            for block in blocks
            if isinstance(block, dict) and "block_id" in block
        ),
        "blocks",
        "id",
    )


def _repeated(names: Iterable[str], at: str, what: str) -> Iterator[str]:
    for name, times in Counter(names).items():
        if times > 1:
            yield f"{at} has the {what} {name!r} {times} times"


def _tables(blocks: Sequence[Block]) -> Iterator[str]:
    found = [block for block in blocks if block.get("type") == "table"]
    if len(found) > limits.TABLES_IN_MESSAGE:
        yield f"there are {len(found)} tables, not {limits.TABLES_IN_MESSAGE}"
    for block in found:
        rows = block["rows"]
        if len({len(row) for row in rows}) > 1:
            yield "the rows of the table are not of one length"
        size = _size(rows)
        if size > limits.TABLE_TEXT:
            yield f"the table has {size} characters, not up to {limits.TABLE_TEXT}"
        if any(not text.strip(" \n\t") for row in rows for text in _cells(row)):
            yield "the table has an empty cell"


def _cells(row: Sequence[object]) -> Iterator[str]:
    for cell in row:
        yield "".join((*_values(cell, "text"), *_values(cell, "name")))


def _long(blocks: Sequence[Block]) -> Iterator[str]:
    size = _size(blocks)
    if size > limits.BLOCKS_TEXT:
        yield f"the blocks have {size} characters together, not up to {limits.BLOCKS_TEXT}"


def _file(message: SlackMessage) -> Iterator[str]:
    file = message.file
    if file is not None and not (file.name.strip() and file.content):
        yield "the file has no name or nothing in it"


def _size(value: object) -> int:
    return sum(len(text) for key in ("text", "name") for text in _values(value, key))


def _values(value: object, key: str) -> Iterator[str]:
    """Yield every text that stands under a key, at any depth."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == key and isinstance(inner, str):
                yield inner
            else:
                yield from _values(inner, key)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _values(inner, key)
