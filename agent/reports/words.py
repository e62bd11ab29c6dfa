"""The words of reports that a brief's Markdown has no use for, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.brief.model import Language

WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "simulated": "SIMULATED",
        "heatmap": "Relative return and chances by sector",
        "heatmap_moves": "Relative return by sector",
        "heatmap_note": "Relative return over each window, then the probability (P) of beating the "
        "benchmark over each horizon. Blue is above the column's middle, orange below.",
        "heatmap_note_moves": "Relative return over each window. Blue is ahead of the benchmark, orange "
        "behind.",
        "rotation": "Relative rotation",
        "rotation_note": "Each tail ends at the marker and is {n} points long. Right of 100 a sector is "
        "stronger than the benchmark; above 100 it is gaining on it.",
        "rotation_still": "Each marker is a sector. Right of 100 it is stronger than the benchmark; "
        "above 100 it is gaining on it.",
        "rs_ratio": "relative strength (RS-Ratio)",
        "rs_momentum": "its momentum (RS-Momentum)",
        "waterfall": "What makes up the score",
        "waterfall_note": "Log-odds of beating the benchmark {horizon}: from the base value, by "
        "group, to the score.",
        "flows": "Net buying by foreigners",
        "flows_note": "Share of the sector's trading, {window}.",
        "calibration": "How often such calls came true",
        "calibration_note": "Out of sample, {first} to {last}. Bars are 95% intervals widened for "
        "overlapping windows; a band is what the model said.",
        "stated": "Stated chance",
        "came_true": "Came true",
        "interval": "95% interval",
        "calls": "Calls",
        "base_rate": "Base rate",
        "all_calls": "All calls",
        "or_more": "{low} or more",
        "observed": "came true, with interval",
        "base_line": "base rate",
        "quadrant": "Quadrant",
        "relative": "against the benchmark, {window}",
        "chance_of": "chance of beating the benchmark, {window}",
        "foreign": "net buying by foreigners, {window}",
        "more": "and {n} more, in the ranking",
        "since": "Tail from",
        "outlook": "Outlook {window}",
        "as_table": "Show the numbers as a table",
        "pick": "Sector",
        "question": "Question",
        "run": "Run",
        "model": "model",
        "written_by": "written by",
        "artefact": "parameters",
        "chances": "chance of beating {benchmark}",
    },
    "vi": {
        "simulated": "MÔ PHỎNG (SIMULATED)",
        "heatmap": "Mức chênh và xác suất theo ngành",
        "heatmap_moves": "Mức chênh theo ngành",
        "heatmap_note": "Mức chênh so với chỉ số tham chiếu theo từng khung, rồi xác suất (XS) vượt chỉ số "
        "theo từng kỳ. Xanh là trên mức giữa của cột, cam là dưới.",
        "heatmap_note_moves": "Mức chênh so với chỉ số tham chiếu theo từng khung. Xanh là vượt chỉ số, cam "
        "là kém.",
        "rotation": "Luân chuyển tương đối",
        "rotation_note": "Mỗi vệt kết thúc ở dấu mốc và dài {n} điểm. Bên phải 100, ngành mạnh hơn chỉ số "
        "tham chiếu; phía trên 100, ngành đang mạnh lên so với chỉ số.",
        "rotation_still": "Mỗi dấu mốc là một ngành. Bên phải 100, ngành mạnh hơn chỉ số tham chiếu; "
        "phía trên 100, ngành đang mạnh lên so với chỉ số.",
        "rs_ratio": "sức mạnh tương đối (RS-Ratio)",
        "rs_momentum": "động lượng của nó (RS-Momentum)",
        "waterfall": "Điểm số gồm những gì",
        "waterfall_note": "Log-odds vượt chỉ số tham chiếu {horizon}: từ giá trị nền, qua từng nhóm, "
        "đến điểm số.",
        "flows": "Khối ngoại mua ròng",
        "flows_note": "Tỷ trọng trong giá trị giao dịch của ngành, {window}.",
        "calibration": "Những nhận định như vậy đúng bao nhiêu lần",
        "calibration_note": "Ngoài mẫu, từ {first} đến {last}. Thanh là khoảng tin cậy 95%, nới rộng vì các "
        "kỳ chồng lên nhau; dải là mức mô hình đã nêu.",
        "stated": "Xác suất đã nêu",
        "came_true": "Đúng",
        "interval": "Khoảng 95%",
        "calls": "Số nhận định",
        "base_rate": "Tỷ lệ nền",
        "all_calls": "Mọi nhận định",
        "or_more": "từ {low}",
        "observed": "tỷ lệ đúng, kèm khoảng",
        "base_line": "tỷ lệ nền",
        "quadrant": "Góc luân chuyển",
        "relative": "so với chỉ số tham chiếu, {window}",
        "chance_of": "xác suất vượt chỉ số tham chiếu, {window}",
        "foreign": "khối ngoại mua ròng, {window}",
        "more": "và {n} ngành khác, trong bảng xếp hạng",
        "since": "Vệt từ ngày",
        "outlook": "Nhận định {window}",
        "as_table": "Xem số liệu dạng bảng",
        "pick": "Ngành",
        "question": "Câu hỏi",
        "run": "Lần chạy",
        "model": "mô hình",
        "written_by": "viết bởi",
        "artefact": "tham số",
        "chances": "xác suất vượt {benchmark}",
    },
}


def word(key: str, language: Language, **parts: object) -> str:
    """Return a fixed text of a report."""
    return WORDS[language][key].format(**parts)
