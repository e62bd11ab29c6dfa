"""Words and what makes a sentence false in their place, collected for the mutations alone."""

# Tables of words read better in long lines.
# ruff: noqa: E501
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.brief.model import Language

DIRECTIONS: dict[Language, tuple[tuple[str, str], ...]] = {
    "en": (
        ("rose", "fell"), ("jumped", "dropped"), ("edged up", "edged down"), ("beat", "lagged"),
        ("outperformed", "trailed"), ("beating", "trailing"), ("net buyers", "net sellers"), ("bought", "sold"),
        ("buying", "selling"), ("adds", "takes away"), ("up", "down"), ("above", "below"), ("gaining", "losing"),
        ("strong against", "weak against"), ("high", "low"), ("In favour of", "Against"), ("gain", "lose"),
        ("better", "worse"), ("carries", "weighs on"), ("ahead of", "behind"), ("risen", "fallen"),
        ("gained", "lost"), ("surged", "slumped"),
    ),
    "vi": (
        ("tăng", "giảm"), ("vượt", "kém"), ("mua ròng", "bán ròng"), ("cộng thêm", "lấy đi"), ("trên mức", "dưới mức"), ("nằm trên", "nằm dưới"),
        ("cao", "thấp"), ("tăng tốc", "mất đà"), ("mạnh", "yếu"), ("Ủng hộ", "Cản trở"), ("tốt hơn", "kém hơn"),
        ("Điểm tựa", "Lực cản"), ("bật tăng", "lao dốc"), ("nhích lên", "nhích xuống"), ("đi lên", "đi xuống"),
        ("cộng thêm", "trừ đi"), ("tăng nhẹ", "giảm nhẹ"), ("tăng vọt", "giảm sâu"),
    ),
}  # fmt: skip
RANKS: dict[Language, tuple[tuple[str, str], ...]] = {
    "en": (
        ("strongest", "weakest"), ("best", "worst"), ("most", "least"), ("first", "second"), ("first", "last"),
        ("largest", "smallest"), ("quietest", "busiest"), ("furthest below", "least below"),
        ("most volatile", "least volatile"), ("leading", "lagging"), ("improving", "weakening"),
        ("leading", "weakening"), ("lagging", "improving"), ("poised to gain", "poised to lose"),
        ("poised to gain", "no clear edge"), ("low", "high"), ("1st", "2nd"), ("2nd", "3rd"), ("3rd", "4th"),
        ("4th", "5th"), ("5th", "6th"), ("6th", "7th"), ("Next in line", "First"),
        ("ranked high", "ranked low"),
    ),
    "vi": (
        ("mạnh nhất", "yếu nhất"), ("tốt nhất", "tệ nhất"), ("nhiều nhất", "ít nhất"), ("lớn nhất", "nhỏ nhất"),
        ("đứng đầu", "đứng cuối"), ("dẫn dắt", "tụt hậu"), ("cải thiện", "suy yếu"), ("dẫn dắt", "suy yếu"),
        ("tụt hậu", "cải thiện"), ("có khả năng vượt trội", "có khả năng kém hơn"),
        ("có khả năng vượt trội", "chưa rõ lợi thế"), ("hạng 1", "hạng 2"), ("hạng 2", "hạng 3"),
        ("hạng 3", "hạng 4"), ("hạng 4", "hạng 5"), ("hạng 5", "hạng 6"), ("cao", "thấp"),
        ("đánh giá khả quan", "đánh giá kém khả quan"),
        ("khả quan", "trung lập"), ("kém khả quan", "trung lập"), ("rộng nhất", "hẹp nhất"),
        ("sôi động nhất", "trầm lắng nhất"), ("xếp cao", "xếp thấp"),
    ),
}  # fmt: skip
WINDOWS: dict[Language, dict[str, tuple[str, ...]]] = {
    "en": {
        "1D": ("one day", "on the day", "1D"),
        "1W": ("one week", "over the past week", "next week", "1W"),
        "1M": ("one month", "over the past month", "next month", "1M"),
        "3M": ("three months", "over the past three months", "next three months", "3M"),
        "6M": ("six months", "over the past six months", "6M"),
        "12M": ("twelve months", "over the past twelve months", "12M"),
    },
    "vi": {
        "1D": ("một ngày", "trong phiên gần nhất", "1D"),
        "1W": ("một tuần", "trong tuần qua", "tuần tới", "1W"),
        "1M": ("một tháng", "trong tháng qua", "tháng tới", "1M"),
        "3M": ("ba tháng", "trong ba tháng qua", "ba tháng tới", "3M"),
        "6M": ("sáu tháng", "trong sáu tháng qua", "6M"),
        "12M": ("mười hai tháng", "trong mười hai tháng qua", "12M"),
    },
}  # fmt: skip
"""Window → its phrases; those at the same place in two windows fit the same sentence."""
UNITS: dict[Language, tuple[tuple[str, str], ...]] = {
    "en": (
        ("%", " bp"), ("%", " pp"), ("%", "×"), ("billion", "million"), ("million", "billion"),
        ("trillion", "billion"), ("billion", "trillion"), ("×", "%"), (" pp", "%"), ("per barrel", "per ounce"),
        ("standard deviations", "%"), ("VND", "USD"), ("IDR", "USD"), ("USD", "EUR"),
    ),
    "vi": (
        ("%", " điểm cơ bản"), ("%", " lần"), ("nghìn tỷ", "tỷ"), (" tỷ", " triệu"), ("triệu", "tỷ"),
        (" lần", "%"), (" điểm %", "%"), ("độ lệch chuẩn", "%"), ("đồng", "USD"), ("IDR", "USD"), ("/thùng", "/ounce"),
    ),
}  # fmt: skip
GROUPS: dict[Language, tuple[str, ...]] = {
    "en": ("price trend", "relative rotation", "breadth", "risk", "foreign flow", "unusual trading", "macro tilt"),
    "vi": ("xu hướng giá", "luân chuyển tương đối", "độ rộng", "rủi ro", "dòng vốn ngoại", "giao dịch đột biến",
           "yếu tố vĩ mô"),
}  # fmt: skip
