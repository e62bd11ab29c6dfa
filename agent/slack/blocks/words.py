"""What a message in Slack says of its own, beside the brief, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.brief.model import Language

WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "heat": "🟦 🔹 above, 🔸 🟧 below: a return against its own column, a probability (P) against an "
        "even chance. Returns are relative to the benchmark.",
        "heat_moves": "🟦 🔹 above, 🔸 🟧 below: a return relative to the benchmark, against its own column.",
        "weights": "Scores are log-odds; beside each the weights that count most.",
        "observed": "observed",
        "published": "published",
        "to": "to",
        "more": "The whole brief is in the attached file.",
        "cut": "… the rest is in the attached file",
        "short": "… the rest has no room here; ask about a part of it.",
        "part": "{title}, part {part} of {parts}",
        "good": "Helpful",
        "bad": "Not helpful",
        "why": "Why does {first} rank there?",
        "compare": "Compare {first} and {last}",
        "rates": "What if interest rates rise?",
        "rotation": "Which sectors are rotating in?",
        "flow": "Where is foreign money going?",
        "brief": "Give me the sector brief",
    },
    "vi": {
        "heat": "🟦 🔹 cao hơn, 🔸 🟧 thấp hơn: mức chênh so với chính cột của nó, xác suất (XS) so với mức "
        "cân bằng. Mức chênh tính so với chỉ số tham chiếu.",
        "heat_moves": "🟦 🔹 cao hơn, 🔸 🟧 thấp hơn: mức chênh so với chỉ số tham chiếu, so với chính cột của nó.",
        "weights": "Điểm số tính theo log-odds; bên cạnh là các trọng số lớn nhất.",
        "observed": "quan sát",
        "published": "công bố",
        "to": "đến",
        "more": "Toàn văn bản tin nằm trong tệp đính kèm.",
        "cut": "… phần còn lại nằm trong tệp đính kèm",
        "short": "… phần còn lại không đủ chỗ ở đây; hãy hỏi riêng từng phần.",
        "part": "{title}, phần {part}/{parts}",
        "good": "Hữu ích",
        "bad": "Chưa hữu ích",
        "why": "Vì sao {first} xếp hạng như vậy?",
        "compare": "So sánh {first} và {last}",
        "rates": "Nếu lãi suất tăng thì sao?",
        "rotation": "Ngành nào đang được luân chuyển vào?",
        "flow": "Khối ngoại đang mua ngành nào?",
        "brief": "Cho tôi bản tin ngành",
    },
}


def word(key: str, language: Language) -> str:
    """Return one of the texts."""
    return WORDS[language][key]
