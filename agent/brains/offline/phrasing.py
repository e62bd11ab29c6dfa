"""A question in plain words: without courtesies and errands, with its numbers in digits.

"I should be grateful if you would …", "before I sign the letter, …" and "để em điền vào báo cáo" say
nothing of what is asked, and their words ("if", "letter", "báo cáo") mislead.
"""

from __future__ import annotations

import re

_FEWEST_WORDS = 2
_SOMEBODY = (
    r"(?:anh|chị|em|bạn|ad|bác|cô|chú|sếp|thầy|quý vị|mọi người|cả nhà|ace|ae|các bác|các anh chị)"
)
_ERRANDS = (
    r"meeting|letter|committee|board|deck|call|note|slides?|presentation|client|clients|visit|report|memo"
    r"|boss|minister"
    r"|homework|assignment|essay|class|newsletter|pack|standup|stand-up|dial"
)
_COURTESIES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # English
        r"\bif (?:i|we) (?:may|might|could|can)(?: (?:trouble|ask|bother) you)?(?: once more| again"
        r"| for)?(?: today)?[,:]?",
        r"\b(?:please )?forgive me(?: if| for)?[^,:;]*[,:;]",
        r"\b(?:sorry|apologies|pardon me|excuse me)\b[^,:;?]{0,60}[,:;]",
        r"\b(?:i|we) (?:should|would|d|'d) be (?:most |very |so |really )?(?:grateful|obliged|thankful|glad|happy)"
        r"(?: if you (?:would|could|might|can))?",
        r"\bwould you be (?:so kind as|kind enough|able) to\b|\bwould you mind\b|\bmight (?:i|we) (?:ask"
        r"|trouble you)(?: for)?\b",
        r"\bif (?:it is|it's|it isn't|that is|that's) not (?:too much|a) (?:trouble|bother|problem)\b,?"
        r"|\bif possible\b,?",
        r"\bif you (?:don't|do not|wouldn't|would not) mind\b,?|\bif you (?:would|could) be so kind\b,?",
        r"\bwhen(?:ever)? you (?:have|get|find) (?:a |some )?(?:moment|minute|chance|time|second)\b,?",
        r"\bas you (?:may|might|will) (?:recall|know|remember)\b[^;,:]*[;,:]",
        r"^(?:dear|hi|hello|good (?:morning|afternoon|evening)|morning)\b(?: \w+){0,4}[,.!]",
        r"\bon behalf of [^,]{1,50},|\bwith reference to\b",
        rf"\b(?:before|while|as|since|after) (?:i|we|they|he|she)\b (?!(?:buy|sell|invest|hold|own))[^,?]{{1,60}}"
        rf"\b(?:{_ERRANDS}|in|out)\b[^,?]{{0,30}},",
        rf"\b(?:for|ahead of|in preparation for) (?:the|our|my|tomorrow's|this|a) [^,?]{{0,30}}\b(?:{_ERRANDS})\b,?"
        rf"(?: (?:i|we) need\b)?",
        r"\bremind me(?= (?:how|what|which|where|who|why|of|about)\b)",
        r"\bi only have\b[^.?!]*|\b(?:quick|one more|last) (?:one|question|thing)\b[,:]?|\bthank you[^;,.?]*[;,.]",
        r"\b(?:my|our|the) (?:boss|client|pm|cio|professor|teacher|chairman|committee|board)s?"
        r" (?:wants?|wanted|asks?|asked|needs?|is asking|would like)(?: me)?(?: to know)?\b",
        # Vietnamese
        r"không biết có (?:phiền|tiện) không(?: ạ)?,?(?: nhưng)?|nếu (?:không )?(?:phiền|tiện)(?: \w+)?(?: thì|,)",
        rf"xin lỗi {_SOMEBODY}?(?: vì [^,]*)?,|xin phép (?:cho )?(?:em|tôi|mình)? ?hỏi",
        rf"(?:dạ )?(?:em|mình|tôi)? ?(?:xin )?(?:cảm|cám) ơn {_SOMEBODY}?(?: nhiều| ạ)?,",
        rf"kính (?:gửi|nhờ|mong|thưa)(?: {_SOMEBODY})?[^,]{{0,30}},",
        rf"cho (?:em|mình|tôi|e|cháu) hỏi(?: là| chút| xíu| với)?,?|nhờ {_SOMEBODY} (?:cho biết|xem giúp"
        rf"|xem|chạy|giúp|kiểm tra)",
        r"(?:sếp|chủ tịch|khách|cô giáo|thầy|sếp em|sếp tôi)(?: em| tôi| mình)? (?:muốn|hỏi|cần|bảo|nhờ"
        r"|đang hỏi)(?: xem| em)?(?: thử)?",
        r",? ?để (?:em|tôi|mình|anh|chị)?(?: còn| kịp)? ?(?:điền|làm|viết|nộp|gửi|trình|đưa|soạn|báo cáo"
        r"|họp)\b[^,?.]*",
        r"(?:trước khi|trong lúc|trong khi|đang) (?:họp|chờ|vào họp|ký|đợi)[^,?]{0,40},",
    )
)
_TAKEN_BACK = re.compile(
    r"(?:,? (?:chứ )?(?:không phải|ko phải|k phải)|,? not(?: a| an)?|,? instead of|,? rather than)"
    r" (?:là )?(?:tăng|giảm|nâng|hạ|hikes?|cuts?|rises?|falls?|increases?|decreases?|raises?|up|down)\b",
    re.IGNORECASE,
)
"""The direction that a correction takes back: "a cut, not a hike"."""
_MINUS = re.compile(r"\b(?:minus|âm|trừ) (?=\d)", re.IGNORECASE)
_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "a": 1,
    "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5, "sáu": 6,
    "bảy": 7, "bẩy": 7,
    "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip
_TIMES = {"hundred": 100, "thousand": 1000, "mươi": 10, "trăm": 100, "nghìn": 1000, "ngàn": 1000}
_NUMBER_WORD = "|".join(
    sorted({*_UNITS, *_TIMES, "and", "linh", "lẻ"} - {"a"}, key=len, reverse=True)
)
_COUNTED = (
    r"percent|per cent|%|basis points?|bps?|points?|percentage points?|dollars?|usd|billion|trillion|million"
    r"|phần trăm|điểm|tỷ|nghìn tỷ|ngàn tỷ|triệu|đô|đồng|bp"
)
_NUMBER = re.compile(
    rf"(?<!\d )(?<!\d)\b(?:(?:{_NUMBER_WORD}|a(?= hundred))[\s-]+)+(?=(?:{_COUNTED})(?!\w))",
    re.IGNORECASE,
)
_TENS = re.compile(
    rf"\b(?:(?:{_NUMBER_WORD})[\s-]+){{1,3}}(?=(?:days?|sessions?|phiên|ngày)\b)", re.IGNORECASE
)
_SMALLEST_TENS = 11


def plainly(text: str) -> str:
    """Return a question without what only courtesy or an errand says, its numbers in digits."""
    short = text
    for pattern in _COURTESIES:
        short = pattern.sub(" ", short)
    short = _TAKEN_BACK.sub(" ", short)
    short = _MINUS.sub("-", short)
    short = re.sub(r"\s+", " ", short).strip(" ,;:")
    kept = short if len(short.split()) >= _FEWEST_WORDS else text
    kept = _NUMBER.sub(lambda found: _digits(found.group(), 0), kept)
    return _TENS.sub(lambda found: _digits(found.group(), _SMALLEST_TENS), kept)


def _digits(words: str, least: int) -> str:
    """Return number words as digits, where they say a number of at least `least`."""
    total = current = 0
    for word in re.split(r"[\s-]+", words.strip().lower()):
        if word in _UNITS:
            current += _UNITS[word]
        elif word in _TIMES:
            factor = _TIMES[word]
            current = max(current, 1) * factor
            if factor >= 100:
                total, current = total + current, 0
    value = total + current
    return f"{value} " if value and value >= least else words
