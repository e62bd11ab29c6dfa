"""What is missing, and notes, as lines of a brief; our own standard texts in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agent.brief.model import Language
    from tools.contracts import Gap

VIETNAMESE: dict[str, str] = {
    "foreign flow": "dòng vốn ngoại",
    "this market has no foreign flow data": "thị trường này không có dữ liệu khối ngoại",
    "what foreigners buy and sell is unknown, and no other number stands in for it": "không biết khối ngoại mua "
    "bán gì, và không số nào khác được dùng thay",
    "what foreigners buy and sell is unknown": "không biết khối ngoại mua bán gì",
    "unusual trading": "giao dịch đột biến",
    "this market has no volume or traded value": "thị trường này không có khối lượng hay giá trị giao dịch",
    "breadth": "độ rộng",
    "this market has no share prices below its sectors": "thị trường này không có giá cổ phiếu trong từng ngành",
    "how many shares carry a sector's move is unknown": "không biết bao nhiêu cổ phiếu dẫn dắt biến động của ngành",
}
"""Our own standard texts; a text that is not here is shown as it came."""


def gap_lines(gaps: Iterable[Gap], language: Language) -> str:
    """Return a line for each gap: what is missing, why, and what that does to the answer."""
    return "\n".join(
        f"- **{note_text(gap.what, language)}**: {note_text(gap.why, language)}; {note_text(gap.effect, language)}."
        for gap in gaps
    )


def note_text(text: str, language: Language) -> str:
    """Return a standard text in the reader's language, any other as it came, on one line."""
    line = " ".join(text.split())
    return VIETNAMESE.get(line, line) if language == "vi" else line
