"""What the app itself says in Slack, in English and Vietnamese."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.brief.model import Language

TEXTS: dict[Language, dict[str, str]] = {
    "en": {
        "working": "is working on it…",
        "queued": "I will take this up as soon as the question before it is answered.",
        "asked_already": "That question is being answered already.",
        "stopped": "Stopped. Nothing was answered.",
        "nothing_to_stop": "There is nothing running in this thread.",
        "failed": "Something went wrong on my side, so there is no answer. Please ask again.",
        "cannot": "I cannot answer that: {why}",
        "too_long": "That is longer than I can take as one question: at most {most} characters.",
        "continued": "Goes on below.",
        "not_here": "I do not answer here. Ask whoever runs me to list this place.",
        "not_in_channel": "I am not in this channel. Invite me with `/invite @Sectorvane` and ask again.",
        "thanks": "Thank you: that is kept with the answer.",
        "taken": "I am on it; the answer comes in this channel.",
        "unsubscribed": "Number {number} will not be posted any more.",
        "late": "This comes late: nobody was there to post it in time.",
        "plan": "Planning",
        "gathering": "Gathering evidence",
        "score": "Scoring the sectors",
        "compose": "Writing",
        "review": "Checking every number",
        "done": "Done",
        "whole": "The whole brief",
        "chart": "Heatmap of the sectors",
        "health_question": "How fresh and complete is the data?",
        "prompts": "Try asking",
        "help": (
            "*What I do*: I say where money is moving between sectors, with checked numbers.\n"
            "• Mention me in a channel, or write to me directly; a thread is a conversation.\n"
            "• Write *stop* in the thread while I am at work, or press Slack's stop button.\n"
            "• `/sectorvane QUESTION` asks in this channel.\n"
            "• `/sectorvane subscribe every weekday 8:45 QUESTION` asks again at that time; "
            "`list` and `unsubscribe NUMBER` go with it.\n"
            "• `/sectorvane health` says how fresh the data is."
        ),
    },
    "vi": {
        "working": "đang xử lý…",
        "queued": "Tôi sẽ trả lời ngay khi xong câu hỏi trước đó.",
        "asked_already": "Câu hỏi đó đang được trả lời rồi.",
        "stopped": "Đã dừng. Chưa có câu trả lời nào.",
        "nothing_to_stop": "Không có gì đang chạy trong luồng này.",
        "failed": "Đã có lỗi phía tôi nên chưa có câu trả lời. Xin hãy hỏi lại.",
        "cannot": "Tôi không trả lời được: {why}",
        "too_long": "Câu hỏi quá dài: tối đa {most} ký tự.",
        "continued": "Tiếp tục ở bên dưới.",
        "not_here": "Tôi không trả lời ở đây. Hãy nhờ người vận hành thêm nơi này vào danh sách.",
        "not_in_channel": "Tôi chưa ở trong kênh này. Hãy mời tôi bằng `/invite @Sectorvane` rồi hỏi lại.",
        "thanks": "Cảm ơn: đánh giá được lưu cùng câu trả lời.",
        "taken": "Tôi đang xử lý; câu trả lời sẽ ở trong kênh này.",
        "unsubscribed": "Số {number} sẽ không được gửi nữa.",
        "late": "Tin này gửi muộn vì lúc đó hệ thống không chạy.",
        "plan": "Lập kế hoạch",
        "gathering": "Thu thập bằng chứng",
        "score": "Chấm điểm các ngành",
        "compose": "Viết",
        "review": "Kiểm tra từng con số",
        "done": "Xong",
        "whole": "Toàn bộ bản tin",
        "chart": "Bản đồ nhiệt các ngành",
        "health_question": "Dữ liệu mới và đầy đủ đến đâu?",
        "prompts": "Thử hỏi",
        "help": (
            "*Tôi làm gì*: tôi cho biết dòng tiền đang chuyển giữa các ngành, với số đã kiểm tra.\n"
            "• Nhắc tên tôi trong kênh, hoặc nhắn riêng; mỗi luồng là một cuộc trò chuyện.\n"
            "• Viết *dừng* trong luồng khi tôi đang làm, hoặc bấm nút dừng của Slack.\n"
            "• `/sectorvane CÂU HỎI` hỏi trong kênh này.\n"
            "• `/sectorvane subscribe every weekday 8:45 CÂU HỎI` hỏi lại vào giờ đó; "
            "`list` và `unsubscribe SỐ` đi kèm.\n"
            "• `/sectorvane health` cho biết dữ liệu mới đến đâu."
        ),
    },
}
PROMPTS: tuple[str, ...] = (
    "Which sectors are rotating in?",
    "Where did foreign money go this week?",
    "What happens to sectors if rates rise by a percentage point?",
    "Ngành nào đang hút dòng tiền?",
)
"""Questions suggested at the top of a conversation; Slack shows four at most."""


def say(name: str, question: str = "", **values: object) -> str:
    """Return a text of ours in the language of a question."""
    return TEXTS[language_of(question)][name].format(**values)


def language_of(question: str) -> Language:
    """Return Vietnamese where a word carries its diacritics, else English."""
    marks = unicodedata.normalize("NFD", question.casefold())
    # Horn, hook and dot below stand in Vietnamese alone, and so does the letter đ.
    return "vi" if any(mark in marks for mark in "\u031b\u0309\u0323đ") else "en"
