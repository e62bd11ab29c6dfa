"""Slack's limits, each by name: what its documentation allows, and where that is silent what its service refuses.

Characters are Unicode code points. Both the builder and the check read these numbers; neither reads
the other.
"""

from __future__ import annotations

BLOCKS_IN_MESSAGE = 50
BLOCKS_IN_VIEW = 100
"""Blocks of a Home tab or a modal."""
MESSAGE_TEXT = 40_000
"""Characters of a message's own text; the service cuts what is longer."""
ADVISED_TEXT = 4_000
"""Characters of a message's own text that Slack advises to stay within."""
BLOCKS_TEXT = 12_000
"""Characters of all blocks of a message together: ``msg_blocks_too_long`` beyond.

Documented for ``markdown`` blocks only; the service counts every kind of text, and containers on
top (https://github.com/slackapi/bolt-js/issues/2509).
"""
BLOCK_ID = 255
ACTION_ID = 255
HEADER_TEXT = 150
TEXT_OBJECT = 3_000
"""Characters of a text object where no smaller limit is given, such as in a context block."""
SECTION_TEXT = 3_000
SECTION_FIELDS = 10
FIELD_TEXT = 2_000
CONTEXT_ELEMENTS = 10
CONTEXT_ACTIONS = 5
"""Elements of a ``context_actions`` block."""
ACTIONS = 25
"""Elements of an ``actions`` block."""
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
BUTTON_URL = 3_000
ACCESSIBILITY_LABEL = 75
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTION_DESCRIPTION = 75
SELECT_OPTIONS = 100
OVERFLOW_OPTIONS = 5
PLACEHOLDER = 150
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30
MARKDOWN_TEXT = 12_000
"""Characters of all ``markdown`` blocks of a message together."""
IMAGE_URL = 3_000
ALT_TEXT = 2_000
IMAGE_TITLE = 2_000
TABLES_IN_MESSAGE = 1
TABLE_ROWS = 100
"""Rows of a ``table`` block, the first, its heading, included."""
TABLE_COLUMNS = 20
TABLE_TEXT = 10_000
"""Characters of all cells of a ``table`` block together; no cell may be empty."""
LIST_INDENT = 8
"""Deepest indent of a list in rich text."""
VIEW_BYTES = 250_000
"""Size of a view's JSON."""
PRIVATE_METADATA = 3_000
CALLBACK_ID = 255
SUGGESTED_PROMPTS = 4
"""Prompts that may be suggested at the top of a conversation."""
