"""Our own sentences about remote servers, in both languages, as patterns of the English ones."""

from __future__ import annotations

REMOTE_TEXTS: tuple[tuple[str, str, str], ...] = (
    (r"remote server (\w+)", "", r"máy chủ từ xa \1"),
    (r"(\w+ \w+_\w+) over (\S+)", "", r"\1 trong \2"),
    (r"the server refused the key, or needs one", "", "máy chủ từ chối khóa hoặc cần khóa"),
    (
        r"the server says that its limit of calls is reached",
        "",
        "máy chủ báo đã hết lượt gọi",
    ),
    (
        r"the quota of this server allows no more calls now",
        "",
        "hạn mức của máy chủ này không cho gọi thêm lúc này",
    ),
    (r"the server did not answer in time", "", "máy chủ không trả lời kịp"),
    (
        r"the server could not reach the source of its data",
        "",
        "máy chủ không lấy được nguồn dữ liệu của nó",
    ),
    (r"the server refused the arguments", "", "máy chủ từ chối tham số"),
    (r"the server says that it has no such tool", "", "máy chủ báo không có công cụ này"),
    (
        r"the server answered with text that is no data",
        "",
        "máy chủ trả lời bằng văn bản không phải dữ liệu",
    ),
    (
        r"the server answered with a web page instead of data",
        "",
        "máy chủ trả về trang web thay vì dữ liệu",
    ),
    (r"the server answered without data", "", "máy chủ trả lời không có dữ liệu"),
    (
        r"the answer is of a day too long before the as-of date",
        "",
        "câu trả lời thuộc về một ngày quá cũ so với ngày xét",
    ),
    (
        r"the answer is of a day after the as-of date",
        "",
        "câu trả lời thuộc về một ngày sau ngày xét",
    ),
    (r"the dates of the answer contradict each other", "", "các ngày trong câu trả lời mâu thuẫn"),
    (r"the server cannot be reached or ended", "", "không kết nối được máy chủ hoặc nó đã dừng"),
    (r"the server answered with an error", "", "máy chủ báo lỗi"),
    (
        r"nothing of it was journalled by the as-of date",
        "",
        "đến ngày xét chưa có gì của nó được ghi lại",
    ),
    (
        r"it is asked about today alone, and nothing of it was journalled by the as-of date",
        "",
        "chỉ hỏi được về hôm nay, và đến ngày xét chưa có gì của nó được ghi lại",
    ),
    (r"the server takes no (.+)", "", r"máy chủ không nhận \1"),
    (
        r"it needs what the question does not give: (.+)",
        "",
        r"nó cần điều mà câu hỏi không nêu: \1",
    ),
    (
        r"the server gives single days, and the journal lacks (.+)",
        "",
        r"máy chủ chỉ cho từng ngày, và nhật ký thiếu \1",
    ),
    (
        r"the server gives single days, and the market's own days do not reach as far",
        "",
        "máy chủ chỉ cho từng ngày, và lịch của thị trường không đủ dài",
    ),
    (r"it was published after the as-of date", "", "nó được công bố sau ngày xét"),
    (
        r"its answer could not be written down \((\w+)\)",
        "",
        r"không ghi lại được câu trả lời của nó (\1)",
    ),
    (r"its answer says no day", "", "câu trả lời không nêu ngày"),
    (
        r"its answer holds none of the values that are mapped",
        "",
        "câu trả lời không có giá trị nào đã khai báo",
    ),
    (r"it names what this market does not know", "", "nó nêu tên mà thị trường này không có"),
    (
        r"its answer is missing; the numbers of this market stand without it",
        "",
        "thiếu câu trả lời của nó; các số liệu của thị trường này không cần đến nó",
    ),
    (r"none of its tools was asked", "", "không công cụ nào của nó được hỏi"),
    (
        r"it was not asked; a later question will ask it",
        "",
        "nó chưa được hỏi; câu hỏi sau sẽ hỏi",
    ),
    (
        r"the plan holds more calls than one question may make",
        "",
        "kế hoạch có nhiều lượt gọi hơn mức cho một câu hỏi",
    ),
    (
        r"its answer is of the whole market and its latest session",
        "",
        "câu trả lời là của toàn thị trường và phiên gần nhất",
    ),
    (r"it was not asked", "", "nó không được hỏi"),
    (
        r"that part of its answer became no fact",
        "",
        "phần đó của câu trả lời không thành số liệu",
    ),
    (
        r"no longer window is made of fewer days than it has",
        "",
        "không cộng khung dài hơn từ số ngày còn thiếu",
    ),
    (
        r"its answer is of its latest session and the whole market",
        "",
        "câu trả lời là của phiên gần nhất và toàn thị trường",
    ),
    (r"its answer is of its latest session", "", "câu trả lời là của phiên gần nhất"),
    (r"its answer is of the whole market", "", "câu trả lời là của toàn thị trường"),
    (
        r"its answer is of its latest session and no benchmark",
        "",
        "câu trả lời là của phiên gần nhất và không có chỉ số so sánh",
    ),
    (
        r"its answer is of the indicators it chooses",
        "",
        "câu trả lời gồm các chỉ số do nó chọn",
    ),
)
"""Pattern of an English text, the same in English (empty: as it is), and in Vietnamese."""
