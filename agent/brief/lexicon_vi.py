"""The Vietnamese words of a brief; :mod:`agent.brief.lexicon` says what each table is."""

from __future__ import annotations

WINDOWS: dict[str, tuple[str, ...]] = {
    "1D": ("trong phiên gần nhất", "trong một ngày", "trong ngày"),
    "1W": ("trong tuần qua", "trong một tuần", "trong tuần"),
    "1M": ("trong tháng qua", "trong một tháng", "trong tháng"),
    "3M": ("trong ba tháng qua", "trong ba tháng"),
    "6M": ("trong sáu tháng qua", "trong sáu tháng"),
    "12M": ("trong mười hai tháng qua", "trong mười hai tháng"),
    "1Y": ("trong một năm qua", "trong một năm", "trong năm qua"),
    "3Y": ("trong ba năm qua", "trong ba năm"),
    "5Y": ("trong năm năm qua", "trong năm năm"),
}  # fmt: skip
AHEAD: dict[str, tuple[str, ...]] = {
    "1W": ("trong tuần tới", "trong một tuần tới"),
    "1M": ("trong tháng tới", "trong một tháng tới"),
    "3M": ("trong ba tháng tới", "trong quý tới"),
}  # fmt: skip
LENGTHS: dict[str, str] = {"1W": "kỳ một tuần", "1M": "kỳ một tháng", "3M": "kỳ ba tháng"}
METRICS: dict[str, tuple[str, ...]] = {
    "return": ("tỷ suất sinh lời", "lợi suất", "mức tăng giảm"),
    "rel_return": ("mức chênh so với thị trường", "so với thị trường", "tương quan với thị trường"),
    "volatility": ("độ biến động quy năm", "độ biến động"),
    "drawdown": ("mức sụt từ đỉnh", "dưới đỉnh"),
    "breadth": ("độ rộng", "cổ phiếu nằm trên trung bình"),
    "rs_ratio": ("tỷ lệ sức mạnh tương đối", "sức mạnh tương đối", "RS-Ratio"),
    "rs_momentum": ("động lượng sức mạnh tương đối", "RS-Momentum"),
    "quadrant": ("góc luân chuyển", "góc phần tư"),
    "foreign_net_value": ("giá trị khối ngoại mua ròng", "khối ngoại"),
    "foreign_net_ratio": ("tỷ trọng khối ngoại mua ròng", "giá trị giao dịch"),
    "whale_ratio": ("giao dịch so với bình thường", "so với bình thường", "mức bình thường"),
    "latest": ("giá trị mới nhất", "hiện ở mức", "mức", "mới nhất"),
    "change": ("mức thay đổi",),
    "yoy": ("mức thay đổi so với cùng kỳ", "so với cùng kỳ"),
    "surprise": ("độ bất ngờ",),
    "score": ("điểm số", "điểm"),
    "probability": ("xác suất vượt thị trường", "xác suất"),
    "expected": ("mức chênh kỳ vọng", "dự báo trung vị", "kỳ vọng"),
    "low": ("cận dưới của dự báo",),
    "high": ("cận trên của dự báo",),
    "rank": ("thứ hạng", "xếp"),
    "contribution": ("đóng góp", "cộng thêm", "trừ đi", "lấy đi"),
    "base_value": ("giá trị nền",),
    "surrogate_agreement": ("tỷ lệ chiều tác động được mô hình thay thế xác nhận",),
    "surrogate_rank_correlation": ("tương quan hạng với mô hình thay thế",),
    "flip_from": ("giá trị hiện tại",),
    "flip_to": ("giá trị làm đổi nhận định",),
    "flip_sd": ("độ lớn của bước đó",),
    "hit_rate": ("tỷ lệ đúng",),
    "hit_rate_low": ("cận dưới của tỷ lệ đúng",),
    "hit_rate_high": ("cận trên của tỷ lệ đúng",),
    "base_rate": ("tỷ lệ nền",),
    "mean_ic": ("tương quan hạng trung bình",),
    "call_share": ("tỷ lệ có nhận định",),
    "calls": ("số nhận định",),
    "macro_tilt": ("tác động vĩ mô ròng", "độ nghiêng vĩ mô"),
    "macro_response": ("phản ứng với tin vĩ mô", "phản ứng vĩ mô"),
    "foreign_pressure": ("tỷ trọng khối ngoại mua ròng những phiên gần nhất", "áp lực khối ngoại"),
    "momentum": ("đà tăng không tính tháng cuối",),
    "rel_drawdown": ("mức sụt của sức mạnh tương đối", "mức sụt tương đối"),
    "rel_volatility": ("độ biến động quy năm so với thị trường", "biến động tương đối"),
    "sensitivity": ("độ nhạy",),
    "sensitivity_se": ("sai số chuẩn của độ nhạy",),
    "excess_return": ("lợi suất vượt trội",),
    "scenario_return": ("mức chênh ước tính",),
    "scenario_total_return": ("lợi suất riêng ước tính",),
    "scenario_error": ("sai số chuẩn",),
    "scenario_total_error": ("sai số chuẩn",),
    "impact": ("tác động ước tính",),
    "impact_low": ("cận dưới của tác động",),
    "impact_high": ("cận trên của tác động",),
    "impact_se": ("sai số chuẩn của tác động",),
    "shock": ("cú sốc",),
    "sharpe": ("hệ số Sharpe",),
    "turnover": ("vòng quay danh mục",),
    "costs": ("chi phí giao dịch",),
    "annual_return": ("lợi suất quy năm",),
    "max_drawdown": ("mức sụt lớn nhất",),
    "close": ("giá đóng cửa",),
    "sentiment": ("sắc thái tin tức", "tâm lý tin tức"),
    "sentiment_mean": ("sắc thái tin tức trung bình", "sắc thái trung bình"),
    "sentiment_change": ("thay đổi của sắc thái tin tức",),
    "short_interest": ("tỷ lệ bán khống",),
    "short_interest_change": ("thay đổi của tỷ lệ bán khống",),
    "earnings_revisions": ("cán cân điều chỉnh dự báo lợi nhuận",),
    "earnings_revisions_change": ("thay đổi của cán cân điều chỉnh dự báo lợi nhuận",),
    "etf_flow": ("dòng tiền ròng vào quỹ",),
    "block_value": ("giá trị giao dịch thỏa thuận", "giao dịch thỏa thuận"),
    "signal_tilt": ("tác động của tín hiệu khác",),
}  # fmt: skip
SHORT: dict[str, str] = {
    "return": "lợi suất", "rel_return": "so với chỉ số", "volatility": "biến động",
    "drawdown": "dưới đỉnh", "rs_ratio": "RS-Ratio", "rs_momentum": "RS-Momentum",
    "quadrant": "góc luân chuyển", "foreign_net_value": "ngoại ròng",
    "foreign_net_ratio": "tỷ trọng ngoại ròng", "foreign_pressure": "áp lực ngoại",
    "whale_ratio": "so với bình thường",
    "latest": "mới nhất", "change": "thay đổi", "yoy": "so với cùng kỳ", "surprise": "bất ngờ",
    "scenario_return": "tương đối", "scenario_error": "sai số", "scenario_total_return": "lợi suất",
    "scenario_total_error": "sai số ", "missing_prices": "thiếu giá",
    "days_silent": "ngày chưa cập nhật", "trading_days": "số phiên", "weekdays_behind": "ngày trễ",
    "findings": "bất thường", "macro_tilt": "tác động vĩ mô", "macro_response": "phản ứng vĩ mô",
    "momentum": "đà tăng", "rel_drawdown": "sụt tương đối",
    "rel_volatility": "biến động tương đối", "signal_tilt": "tín hiệu khác", "sentiment": "sắc thái nay",
    "sentiment_mean": "sắc thái TB", "sentiment_change": "sắc thái đổi", "block_value": "thỏa thuận",
}  # fmt: skip
UP_WORDS: tuple[str, ...] = (
    "tăng", "tăng nhẹ", "tăng vọt", "nhích lên", "bật tăng", "vượt", "vượt trội", "dẫn trước", "mua ròng", "cao hơn",
    "trên", "cộng thêm", "nâng", "hỗ trợ", "dương",
)  # fmt: skip
DOWN_WORDS: tuple[str, ...] = (
    "giảm", "giảm nhẹ", "giảm sâu", "nhích xuống", "lao dốc", "mất", "kém", "thua", "tụt lại", "bán ròng", "thấp hơn",
    "dưới", "lấy đi", "kéo xuống", "cản trở", "âm",
)  # fmt: skip
FLAT_WORDS: tuple[str, ...] = (
    "đi ngang", "không đổi", "ngang bằng",
)  # fmt: skip
FIRST_WORDS: tuple[str, ...] = (
    "mạnh nhất", "tốt nhất", "lớn nhất", "cao nhất", "nhiều nhất", "dẫn đầu", "đứng đầu",
)  # fmt: skip
LAST_WORDS: tuple[str, ...] = (
    "yếu nhất", "tệ nhất", "nhỏ nhất", "thấp nhất", "ít nhất", "đứng cuối", "cuối bảng",
)  # fmt: skip
CALLS: dict[str, tuple[str, ...]] = {
    "outperform": ("khả quan", "có khả năng vượt trội", "được ưu tiên"),
    "underperform": ("kém khả quan", "có khả năng kém hơn", "không được ưu tiên"),
    "none": ("trung lập", "chưa rõ lợi thế"),
}  # fmt: skip
TIGHT_CALLS: dict[str, str] = {
    "outperform": "khả quan", "underperform": "kém KQ", "none": "trung lập",
}  # fmt: skip
CONFIDENCE: dict[str, str] = {
    "high": "cao", "medium": "vừa", "low": "thấp",
}  # fmt: skip
QUADRANTS: dict[str, str] = {
    "leading": "dẫn dắt", "weakening": "suy yếu", "lagging": "tụt hậu", "improving": "cải thiện",
}  # fmt: skip
GROUPS: dict[str, str] = {
    "trend": "xu hướng giá", "momentum": "động lượng", "rotation": "luân chuyển tương đối",
    "breadth": "độ rộng", "risk": "rủi ro", "flow": "dòng vốn ngoại", "flows": "dòng vốn ngoại",
    "trading": "giao dịch đột biến", "whale": "giao dịch đột biến",
    "activity": "hoạt động giao dịch", "macro": "yếu tố vĩ mô", "signals": "các tín hiệu khác",
    "reversal": "đảo chiều",
}  # fmt: skip
SERIES: dict[str, str] = {
    "BAA_SPREAD": "chênh lệch tín dụng Baa", "BREAKEVEN_10Y": "lạm phát hòa vốn kỳ hạn 10 năm",
    "CORE_CPI": "CPI lõi", "CPI": "CPI", "CPI_MOM": "CPI so với tháng trước",
    "FED_RATE": "lãi suất điều hành của Fed", "GOLD": "giá vàng",
    "HOUSING_STARTS": "nhà khởi công tại Mỹ", "INDUSTRIAL_PRODUCTION": "sản xuất công nghiệp",
    "NONFARM_PAYROLLS": "việc làm phi nông nghiệp Mỹ", "PMI_Manufacturing": "PMI sản xuất",
    "UNEMPLOYMENT": "tỷ lệ thất nghiệp", "UST_10Y": "lợi suất trái phiếu Mỹ kỳ hạn 10 năm",
    "UST_2Y": "lợi suất trái phiếu Mỹ kỳ hạn 2 năm",
    "UST_3M": "lãi suất tín phiếu Mỹ kỳ hạn 3 tháng", "VIX": "chỉ số VIX", "WTI": "giá dầu WTI",
    "IIP_YOY": "tăng trưởng sản xuất công nghiệp", "USDVND": "tỷ giá USD/VND",
    "OIL": "giá dầu", "AAA": "lợi suất trái phiếu doanh nghiệp Aaa",
    "TBILL_1M": "lợi suất tháng của tín phiếu kho bạc Mỹ",
    "BAA": "lợi suất trái phiếu doanh nghiệp Baa", "POLICY_RATE": "lãi suất điều hành",
    "PMI": "PMI", "US10Y": "lợi suất trái phiếu Mỹ kỳ hạn 10 năm",
}  # fmt: skip
MARKET_NAME: tuple[str, ...] = (
    "thị trường", "chỉ số chung", "chỉ số tham chiếu",
)  # fmt: skip
TESTED: dict[str, tuple[str, ...]] = {
    "BACKTEST": ("chiến lược",),
    "BACKTEST_BENCHMARK": ("việc nắm giữ cả thị trường",),
}  # fmt: skip
