"""Why a language model's plan or prose is missing, in Vietnamese; the reasons themselves are English."""

from __future__ import annotations

MODEL_TEXTS: tuple[tuple[str, str, str], ...] = (
    (r"the language model's plan", "", "kế hoạch của mô hình ngôn ngữ"),
    # why
    (
        r"the model's server refuses the key; check OPENAI_API_KEY",
        "",
        "máy chủ mô hình từ chối khóa; hãy kiểm tra OPENAI_API_KEY",
    ),
    (
        r"the model's server does not know this model or this address",
        "",
        "máy chủ không biết mô hình hoặc địa chỉ này",
    ),
    (
        r"the model's server accepts no more requests for now",
        "",
        "máy chủ mô hình tạm thời không nhận thêm yêu cầu",
    ),
    (r"the model's server kept failing", "", "máy chủ mô hình liên tục gặp lỗi"),
    (r"the model's server refuses the request", "", "máy chủ mô hình từ chối yêu cầu"),
    (
        r"the model's server refuses every form of the request",
        "",
        "máy chủ mô hình từ chối mọi dạng của yêu cầu",
    ),
    (r"the model's server did not answer in time", "", "máy chủ mô hình không trả lời kịp"),
    (r"the model's server cannot be reached", "", "không kết nối được máy chủ mô hình"),
    (
        r"the model's answer was cut off each time it was asked",
        "",
        "câu trả lời của mô hình lần nào cũng bị ngắt giữa chừng",
    ),
    (
        r"the model was stopped before its text was whole",
        "",
        "mô hình bị dừng trước khi viết xong",
    ),
    (
        r"the model answered with nothing that can be read",
        "",
        "mô hình không trả lời gì đọc được",
    ),
    (r"the model's text cites no fact at all", "", "văn của mô hình không dẫn số liệu nào"),
    (r"the model's text holds links or markup", "", "văn của mô hình có liên kết hoặc mã"),
    (
        r"the model's text is not in the language asked for",
        "",
        "văn của mô hình không đúng ngôn ngữ được hỏi",
    ),
    (
        r"the model's text tells the reader what to do",
        "",
        "văn của mô hình bảo người đọc phải làm gì",
    ),
    (
        r"the model's text is about its instructions",
        "",
        "văn của mô hình nói về chỉ dẫn của chính nó",
    ),
    (
        r"the model remembers too little for the shortest (?:plan|fact sheet)",
        "",
        "mô hình nhớ được quá ít cho yêu cầu này",
    ),
    (
        r"the model took longer than its share of (\S+) seconds",
        "",
        r"mô hình dùng quá phần của nó trong giới hạn \1 giây",
    ),
    (r"the limit of (\S+) seconds is reached", "", r"đã hết giới hạn \1 giây"),
    (r"the limit of (\S+) model calls is reached", "", r"đã hết giới hạn \1 lần gọi mô hình"),
    (
        r"another model call could pass the limit of (\S+) (USD|tokens)",
        "",
        r"gọi mô hình thêm có thể vượt giới hạn \1 \2",
    ),
    (
        r"the price of this model is not known, so the limit of (\S+) USD could not be kept",
        "",
        r"chưa biết giá của mô hình này nên không giữ được giới hạn \1 USD",
    ),
    # effect
    (
        r"the built-in planner chose the tools",
        "",
        "bộ lập kế hoạch dựng sẵn đã chọn công cụ",
    ),
)
