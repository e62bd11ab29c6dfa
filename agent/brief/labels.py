"""Headings, column names and fixed lines of a brief's Markdown, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.brief.model import Intent, Language

LABELS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "as_of": "As of",
        "last_day": "last trading day",
        "horizon": "horizon",
        "benchmark": "benchmark",
        "weighted": "all shares, weighted",
        "simulated": "SIMULATED: these data are generated, not observed.",
        "heatmap": "Heatmap",
        "ranking": "Ranking",
        "rationale": "Why",
        "comparison": "Then and now",
        "risks": "Risks",
        "watch": "What to watch",
        "gaps": "What is missing",
        "sources": "Sources",
        "notes": "Notes",
        "figures": "Figures",
        "choices": "Choices",
        "sector": "Sector",
        "foreign": "Foreign",
        "confidence": "Conf.",
        "view": "View",
        "rank": "Rank",
        "score": "Score",
        "probability": "Probability",
        "expected": "Expected",
        "interval": "Interval",
        "chance": "P",
        "base": "base value",
        "sum": "score",
        "group": "Weight",
        "then": "then",
        "moved_most": "moved most by",
        "name": "Name",
        "source": "Source",
        "metrics": "Metrics",
        "observed": "Observed",
        "published": "Published",
        "effect": "Effect",
        "to": "to",
        "legend": "Relative return over each window, then the probability (P) of beating the "
        "benchmark over each "
        "horizon. ▲▲ ▲ · ▼ ▼▼ compare a return with its own column and a probability with an even "
        "chance.",
        "legend_moves": "Relative return over each window. ▲▲ ▲ · ▼ ▼▼ compare a return with its own "
        "column.",
        "ranking_note": "Expected relative return over the horizon is a median; the interval holds "
        "the middle "
        "10–90% of the forecast.",
        "rationale_note": "Weights are log-odds; the base value and the weights add up to the "
        "score.",
        "market_line": "The benchmark itself",
        "disclaimer": "Research, not investment advice.",
        "no_flip": "No single input, moved within its past range, would change the call on:",
        "missing": "–",
        "scorecard": "scorecard",
        "record": "track record",
        "sensitivity": "sensitivities",
        "measure": "Measure",
        "now": "now",
        "news": "News sentiment",
        "market": "Market",
        "leaders": "Leaders and laggards",
        "why_there": "Why they rank there",
        "ends": "Strongest and weakest",
        "ends_note": "Only the three at either end; ask for the heatmap to see every sector.",
    },
    "vi": {
        "as_of": "Tại ngày",
        "last_day": "phiên gần nhất",
        "horizon": "kỳ dự báo",
        "benchmark": "chỉ số tham chiếu",
        "weighted": "toàn bộ cổ phiếu, có trọng số",
        "simulated": "MÔ PHỎNG (SIMULATED): số liệu do máy tạo ra, không phải giao dịch thật.",
        "heatmap": "Bản đồ nhiệt",
        "ranking": "Xếp hạng",
        "rationale": "Vì sao",
        "comparison": "Trước và nay",
        "risks": "Rủi ro",
        "watch": "Cần theo dõi",
        "gaps": "Phần còn thiếu",
        "sources": "Nguồn",
        "notes": "Ghi chú",
        "figures": "Số liệu",
        "choices": "Lựa chọn",
        "sector": "Ngành",
        "foreign": "Ngoại",
        "confidence": "T.cậy",
        "view": "Nhận định",
        "rank": "Hạng",
        "score": "Điểm",
        "probability": "Xác suất",
        "expected": "Kỳ vọng",
        "interval": "Khoảng",
        "chance": "XS",
        "base": "giá trị nền",
        "sum": "điểm số",
        "group": "Trọng số",
        "then": "trước",
        "moved_most": "thay đổi nhiều nhất do",
        "name": "Tên",
        "source": "Nguồn",
        "metrics": "Chỉ tiêu",
        "observed": "Quan sát",
        "published": "Công bố",
        "effect": "Hệ quả",
        "to": "đến",
        "legend": "Mức chênh so với chỉ số tham chiếu theo từng khung, rồi xác suất (XS) vượt chỉ "
        "số theo từng kỳ. "
        "▲▲ ▲ · ▼ ▼▼ so mức chênh với chính cột của nó, xác suất với mức cân bằng.",
        "legend_moves": "Mức chênh so với chỉ số tham chiếu theo từng khung. ▲▲ ▲ · ▼ ▼▼ so mức chênh với "
        "chính cột của nó.",
        "ranking_note": "Kỳ vọng là trung vị mức chênh dự báo trong kỳ; khoảng là phần giữa 10–90% "
        "của dự báo.",
        "rationale_note": "Trọng số tính theo log-odds; giá trị nền cộng với các trọng số bằng điểm số.",
        "market_line": "Riêng chỉ số tham chiếu",
        "disclaimer": "Tài liệu nghiên cứu, không phải khuyến nghị đầu tư.",
        "no_flip": "Không một biến số nào, nếu chỉ đi trong biên độ quá khứ của nó, làm đổi được nhận định về:",
        "missing": "–",
        "scorecard": "bảng điểm",
        "record": "thành tích mô hình",
        "sensitivity": "độ nhạy",
        "measure": "Chỉ tiêu",
        "now": "nay",
        "news": "Sắc thái tin tức",
        "market": "Thị trường",
        "leaders": "Ngành mạnh, ngành yếu",
        "why_there": "Vì sao xếp hạng như vậy",
        "ends": "Mạnh nhất và yếu nhất",
        "ends_note": "Chỉ nêu ba ngành ở mỗi đầu; hãy hỏi bản đồ nhiệt để xem mọi ngành.",
    },
}

TITLES: Mapping[Language, Mapping[Intent, str]] = {
    "en": {
        "brief": "Sector brief",
        "rotation": "Sector rotation",
        "compare": "Sectors compared",
        "flow": "Foreign flow",
        "macro": "Macro",
        "whale": "Unusual trading",
        "stock": "Share in focus",
        "scenario": "Scenario",
        "backtest": "Back-test",
        "explain": "Why it ranks there",
        "portfolio": "Sector tilts",
        "health": "Data health",
        "track": "Forecasts and outcomes",
    },
    "vi": {
        "brief": "Bản tin ngành",
        "rotation": "Luân chuyển ngành",
        "compare": "So sánh ngành",
        "flow": "Giao dịch khối ngoại",
        "macro": "Vĩ mô",
        "whale": "Giao dịch đột biến",
        "stock": "Cổ phiếu",
        "scenario": "Kịch bản",
        "backtest": "Kiểm định trên quá khứ",
        "explain": "Lý giải xếp hạng",
        "portfolio": "Phân bổ ngành",
        "health": "Chất lượng dữ liệu",
        "track": "Dự báo và thực tế",
    },
}


def label(key: str, language: Language) -> str:
    """Return a fixed text of the Markdown."""
    return LABELS[language][key]
