r"""Our own texts of gaps and notes: pattern, English (empty: as it came), Vietnamese.

Wordings may use the pattern's groups; ``\g<words>`` are measures, ``\g<groups>`` scoring groups,
both translated.
"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "return": "lợi suất",
    "relative return": "mức chênh so với thị trường",
    "volatility": "độ biến động",
    "drawdown": "mức sụt từ đỉnh",
    "breadth": "độ rộng",
    "relative strength": "sức mạnh tương đối",
    "relative momentum": "động lượng tương đối",
    "quadrant": "góc luân chuyển",
    "unusual trading": "giao dịch đột biến",
    "foreign flow": "dòng vốn ngoại",
    "latest value": "giá trị mới nhất",
    "growth over a year": "tăng trưởng so với cùng kỳ",
    "change": "mức thay đổi",
}
"""Measures, as the tools call them, in Vietnamese."""
_ONE = "|".join(sorted(WORDS, key=len, reverse=True))
MEASURES = rf"(?P<words>(?:{_ONE})(?:, (?:{_ONE}))*)"
PERIODS = r"(?P<rest>(?:\d+[DWMY](?:, )?)+)"

TEXTS: tuple[tuple[str, str, str], ...] = (
    # names
    (
        r"SIMULATED market, Vietnamese style",
        "",
        "MÔ PHỎNG (SIMULATED), theo kiểu thị trường Việt Nam",
    ),
    # what is missing
    (rf"{MEASURES}", "", r"\g<words>"),
    (
        rf"{MEASURES} {PERIODS} of (?P<who>.+) and others",
        "",
        r"\g<words> \g<rest> của \g<who> và các ngành khác",
    ),
    (
        rf"{MEASURES} {PERIODS} of (?P<who>.+)",
        "",
        r"\g<words> \g<rest> của \g<who>",
    ),
    (
        rf"{MEASURES} of (?P<who>.+)",
        "",
        r"\g<words> của \g<who>",
    ),
    (r"score groups: (?P<groups>.+)", r"score groups: \g<groups>", r"nhóm điểm: \g<groups>"),
    (r"the (\S+) window", "", r"khung \1"),
    (r"the (\S+) forecast", "", r"dự báo \1"),
    (r"the back-test over (\S+)", "", r"kiểm định \1"),
    (r"returns relative to (\S+)", "", r"lợi suất so với \1"),
    (r"the score of (.+)", "", r"điểm số của \1"),
    (r"the ranking at (\S+)", "", r"xếp hạng \1"),
    (r"the (\w+) scenario", "", r"kịch bản \1"),
    (r"sensitivities of (.+)", "", r"độ nhạy của \1"),
    (r"macro series that have fallen silent", "", "chuỗi vĩ mô chưa có số liệu mới"),
    (r"the language model's prose", "", "phần văn của mô hình ngôn ngữ"),
    (r"single symbols", "", "từng cổ phiếu"),
    (r"news sentiment", "", "sắc thái tin tức"),
    (r"signals about sectors", "", "tín hiệu theo ngành"),
    (
        r"they are about whole sectors, not the industries that are ranked here",
        "",
        "chúng nói về cả ngành lớn, không phải các ngành hẹp được xếp hạng ở đây",
    ),
    (
        r"news and other signals are left out, and no number stands in for them",
        "",
        "tin tức và các tín hiệu khác không được tính, và không số nào được dùng thay",
    ),
    (r"prices", "", "giá"),
    (r"flows", "", "dòng vốn ngoại"),
    (r"macro", "", "vĩ mô"),
    # what the data are
    (
        r"Historical demo data: 12 US industries, monthly, .+",
        "Historical demo data: US industries, monthly. Not today's market.",
        "Dữ liệu lịch sử để minh họa: các ngành của Mỹ, theo tháng. Không phải thị trường hôm nay.",
    ),
    # why
    (
        r"this market has no news sentiment feed",
        "",
        "thị trường này không có dữ liệu sắc thái tin tức",
    ),
    (
        r"the tone of the news is unknown, and no other number stands in for it",
        "",
        "không biết sắc thái tin tức, và không số nào khác được dùng thay",
    ),
    (
        r"this market has no foreign flow data",
        "",
        "thị trường này không có dữ liệu khối ngoại",
    ),
    (
        r"this market has no volume or traded value",
        "",
        "thị trường này không có khối lượng hay giá trị giao dịch",
    ),
    (
        r"this market has no share prices below its sectors",
        "",
        "thị trường này không có giá cổ phiếu trong từng ngành",
    ),
    (
        r"this market has sectors only, without the shares in them",
        "",
        "thị trường này chỉ có ngành, không có từng cổ phiếu",
    ),
    (r"this market has no facts for them", "", "thị trường này không có dữ liệu cho các nhóm đó"),
    (
        r"this market is monthly and has no daily data",
        "",
        "thị trường này chỉ có số liệu tháng",
    ),
    (r"(?:this|the) market is monthly", "", "thị trường này chỉ có số liệu tháng"),
    (r"no price was known by then", "", "khi đó chưa có giá"),
    (r"it has no price by (\S+)", "", r"chưa có giá đến ngày \1"),
    (r"no input of the scoring model is available", "", "mô hình không có đầu vào nào"),
    (
        r"fewer than twelve months in which both the sector and the driver have moved",
        "",
        "chưa đủ mười hai tháng số liệu chung của ngành và yếu tố gây sốc",
    ),
    (
        r"this market has no series that stands for its driver",
        "",
        "thị trường này không có chuỗi số liệu cho yếu tố gây sốc",
    ),
    (
        r"the sectors' history before it is too short for this rule",
        "",
        "lịch sử của các ngành quá ngắn cho quy tắc này",
    ),
    (
        r"(\S+) is not available here, nearest: (.+)",
        "",
        r"\1 không có ở đây, gần nhất: \2",
    ),
    (r"not available here, nearest: (.+)", "", r"không có ở đây, gần nhất: \1"),
    (r"their last releases: (.+)", "", r"lần công bố cuối: \1"),
    (r"the (prices|flows|macro) end on (\S+)", "", r"số liệu dừng ở ngày \2"),
    (
        r"the tool does not take this argument, so it was not sent",
        "",
        "công cụ không nhận tham số này nên không gửi đi",
    ),
    # effect
    (
        r"what foreigners buy and sell is unknown(, and no other number stands in for it)?",
        "",
        "không biết khối ngoại mua bán gì, và không số nào khác được dùng thay",
    ),
    (
        r"unusual(?:ly large)? trading cannot be seen(, and no other number stands in for it)?",
        "",
        "không thấy được giao dịch đột biến, và không số nào khác được dùng thay",
    ),
    (
        r"how many shares carry a sector's move is unknown",
        "",
        "không biết bao nhiêu cổ phiếu dẫn dắt biến động của ngành",
    ),
    (
        r"the score leaves them out, and no call is of high confidence",
        "",
        "điểm số bỏ qua các nhóm này, và không nhận định nào có độ tin cậy cao",
    ),
    (r"left out, and nothing stands in for it", "", "bỏ qua, không số nào được dùng thay"),
    (
        r"the answer leaves it out; no other series stands in for it",
        "",
        "câu trả lời bỏ qua, không chuỗi nào được dùng thay",
    ),
    (
        r"nothing can be said about moves shorter than a month",
        "",
        "không nói được gì về biến động ngắn hơn một tháng",
    ),
    (
        r"no forecast shorter than a month can be made",
        "",
        "không dự báo được kỳ ngắn hơn một tháng",
    ),
    (r"shorter windows do not exist here", "", "ở đây không có khung ngắn hơn"),
    (
        r"nothing can be said about it at this date",
        "",
        "không nói được gì về ngành này tại ngày này",
    ),
    (r"only whole sectors can be analysed", "", "chỉ phân tích được cả ngành"),
    (r"no estimate is given for them", "", "không đưa ra ước tính cho các ngành này"),
    (r"it cannot be estimated here", "", "không ước tính được ở đây"),
    (r"their latest values may no longer hold", "", "giá trị mới nhất có thể đã cũ"),
    (
        r"this answer has no ranking and no probabilities",
        "",
        "câu trả lời không có xếp hạng và xác suất",
    ),
    (
        r"the text of this answer is the deterministic one",
        "",
        "phần văn của câu trả lời là bản tất định",
    ),
    (
        r"the answer is about what the tool really was asked",
        "",
        "câu trả lời nói về điều công cụ thật sự được hỏi",
    ),
    (
        r"sectors are compared with the market's own benchmark alone",
        "",
        "các ngành chỉ được so với chỉ số tham chiếu của thị trường",
    ),
    (r"it was run over (\S+)", "", r"đã chạy với \1"),
    (r"no back-test can be run", "", "không kiểm định được"),
    # notes
    (
        r"A day that trades more than twice its usual value is unusual\.",
        "",
        "Phiên có giá trị giao dịch hơn hai lần bình thường được coi là đột biến.",
    ),
    (
        r"No share traded more than twice its usual value\.",
        "",
        "Không cổ phiếu nào có giá trị giao dịch hơn hai lần bình thường.",
    ),
    (
        r"Traded values? (?:is an estimate|are estimates): .+",
        "Traded values are estimates: closing price times volume.",
        "Giá trị giao dịch là ước tính: giá đóng cửa nhân khối lượng.",
    ),
    (
        r"Fewer than half of the shares of (.+) had a price on (\S+)\.",
        "",
        r"Chưa đến một nửa cổ phiếu của \1 có giá ngày \2.",
    ),
    (r"(\S+) is read as the series (\S+)\.", "", r"\1 được hiểu là chuỗi \2."),
    (
        r"The model has no out-of-sample record here that is long enough to judge\.",
        "",
        "Mô hình chưa có thành tích ngoài mẫu đủ dài để đánh giá.",
    ),
    (
        r"Out of sample, the model's calls here have come true more often than the base rate\.",
        "",
        "Ngoài mẫu, nhận định của mô hình ở đây đúng nhiều hơn tỷ lệ nền.",
    ),
    (
        r"Out of sample, the model's calls .+, but its ranking has been better than chance\.",
        "",
        "Ngoài mẫu, nhận định của mô hình ở đây không đúng hơn tỷ lệ nền một cách rõ rệt, nhưng thứ "
        "hạng thì hơn may rủi.",
    ),
    (
        r"the record of the (\S+) calls",
        "",
        r"thành tích của nhận định \1",
    ),
    (
        r"too few separate windows of that length had ended before the last refit",
        "",
        "trước lần hiệu chỉnh gần nhất mới có quá ít kỳ riêng biệt với độ dài này",
    ),
    (
        r"how good these calls are is unknown, and none has more than low confidence",
        "",
        "chưa thể biết các nhận định này tốt đến đâu, và mọi nhận định đều có độ tin cậy thấp",
    ),
    (
        r"Out of sample, the model's calls here have come true no more often than .+",
        "",
        "Ngoài mẫu, nhận định của mô hình ở đây không đúng hơn tỷ lệ nền một cách rõ rệt: chỉ nên "
        "xem thứ hạng là bằng "
        "chứng yếu.",
    ),
    (
        r"Less than a year of outcomes was known at the last refit: .+",
        "",
        "Lần hiệu chỉnh gần nhất chưa có đủ một năm kết quả: chỉ dùng trọng số định sẵn, chưa có "
        "thành tích.",
    ),
    (
        r"On this market's own past the composite showed no skill at this horizon; .+",
        "",
        "Trên quá khứ của thị trường này, mô hình chưa cho thấy năng lực ở kỳ này; trọng số được "
        "giữ ở mức sàn nhỏ để "
        "vẫn xếp hạng được.",
    ),
    (
        r"No size was given; the usual one is assumed: .+",
        "No size was given; the usual one of this scenario is assumed.",
        "Câu hỏi không nêu độ lớn; dùng độ lớn thường gặp của kịch bản này.",
    ),
    (
        r"The rule holds the (?:three|\w+) sectors the scoring model ranks highest, .+",
        "",
        "Quy tắc nắm ba ngành mô hình xếp cao nhất theo bản hiệu chỉnh khi đó, tỷ trọng bằng nhau, "
        "cân lại hằng tháng.",
    ),
    (
        r"The rule holds the (?:three|\w+) sectors with the highest return .+",
        "",
        "Quy tắc nắm ba ngành có lợi suất cao nhất trong mười hai tháng, bỏ tháng cuối, tỷ trọng "
        "bằng nhau, cân lại "
        "hằng tháng.",
    ),
    (
        r"The rule holds the (?:three|\w+) sectors with the lowest relative return .+",
        "",
        "Quy tắc nắm ba ngành kém thị trường nhất trong tháng qua, tỷ trọng bằng nhau, cân lại "
        "hằng tháng.",
    ),
    (
        r"The rule holds the market itself, bought once.*",
        "",
        "Quy tắc mua thị trường một lần và giữ nguyên.",
    ),
    (
        r"Costs are taken off each unit traded; the benchmark bears none\.",
        "",
        "Chi phí trừ trên mỗi đơn vị giao dịch; chỉ số tham chiếu không chịu chi phí.",
    ),
    (
        r"Other evidence sums (?P<words>.+): how unusual each is now, times what it has told of the "
        r"sectors so far\.",
        r"Other evidence: \g<words>. Each counts by how unusual it is now, times what it has told of "
        r"the sectors so far.",
        r"Các tín hiệu khác: \g<words>. Mỗi tín hiệu có trọng số theo mức bất thường hiện nay, nhân "
        r"với những gì nó từng báo trước về các ngành.",
    ),
    (r"The driver is (\S+)\.", "", r"Yếu tố gây sốc là \1."),
    (
        r"Foreign flow moves with prices of the same days; .+",
        "",
        "Khối ngoại mua ròng đi cùng giá trong ngày; điều đó không chứng minh rằng họ dẫn dắt giá.",
    ),
    (
        r"Estimates are sensitivities of monthly windows over the last five years times the shock; "
        r".+",
        "",
        "Ước tính bằng độ nhạy theo tháng trong năm năm qua nhân với cú sốc; sai số chuẩn đã tính "
        "phần chồng lấn.",
    ),
    (
        r"The shock is larger than any monthly change in these five years: .+",
        "",
        "Cú sốc lớn hơn mọi biến động tháng trong năm năm qua: ước tính vượt ra ngoài những gì "
        "từng thấy.",
    ),
    (
        r"Decisions of a day are traded at the close of the next\.",
        "",
        "Quyết định của một phiên được thực hiện ở giá đóng cửa phiên sau.",
    ),
    (
        r"Prices are monthly: trades are taken at the close .+",
        "",
        "Giá theo tháng: giao dịch ở chính giá đóng cửa ra quyết định, điều này làm kết quả đẹp "
        "hơn.",
    ),
    (r"Sharpe ratios take no interest rate off\.", "", "Hệ số Sharpe chưa trừ lãi suất."),
    (
        r"Only sectors and shares in this market's files are tested; .+",
        "",
        "Chỉ kiểm định ngành và cổ phiếu có trong dữ liệu; những mã rời thị trường từ trước mà dữ "
        "liệu không có thì bị thiếu, điều này làm đẹp mọi quy tắc.",
    ),
)
"""Pattern, English, Vietnamese; the first pattern that matches the whole text counts."""
