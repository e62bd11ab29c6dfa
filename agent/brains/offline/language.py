"""English or Vietnamese, diacritics or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.brains.offline.text import Token
    from agent.brief.model import Language

_VIETNAMESE = frozenset(
    ["ngan", "hang", "khoi", "ngoai", "nganh", "nghanh", "tuan", "thang", "quy", "nam", "nay", "qua", "thi", "truong", "co", "phieu", "la", "gi", "the", "nao", "sao", "dang", "cua", "cho", "toi", "voi", "khong", "ko", "nhung", "cac", "mot", "hai", "ba", "dong", "tien", "vao", "ra", "luan", "chuyen", "mua", "rong", "chung", "khoan", "bat", "san", "thep", "dau", "khi", "vi", "tai", "lai", "suat", "ty", "gia", "lam", "phat", "neu", "giam", "tang", "manh", "nhat", "hom", "nhom", "ma", "phan", "tich", "trien", "vong", "du", "bao", "dien", "nuoc", "xay", "dung", "ban", "le", "bao", "hiem", "hoa", "chat", "duoc", "bao", "cao", "tong", "quan", "ve", "va", "hay", "thi", "con", "roi", "nen", "minh", "em", "anh", "chi", "ban", "oi", "nhe", "nha", "di", "xem", "biet", "hoi", "giup", "duoc", "dc", "bn", "nhieu", "tot", "xau", "len", "xuong", "o", "dau", "day", "ay", "kia", "no", "chao", "cam", "xin", "vui", "long", "doanh", "nghiep", "tay", "ca", "map", "vn", "kieu", "hnay", "tuong", "lai", "chua", "moi", "cung", "deu", "theo", "trong", "ngay", "phien", "chieu", "sang", "nua", "tiep", "boi", "so", "sanh", "cung", "cap", "nhat", "vang", "gia", "dang", "giu", "danh", "muc", "ty", "trong", "nhu", "may", "ong", "sap", "toi", "bay", "gio"]
)
_ENGLISH = frozenset(
    ["the", "is", "are", "was", "were", "what", "which", "who", "how", "why", "when", "where", "do", "does", "did", "will", "would", "should", "could", "can", "of", "to", "for", "and", "or", "in", "on", "at", "with", "from", "by", "into", "this", "that", "these", "those", "me", "my", "our", "we", "you", "your", "i", "it", "its", "they", "them", "sector", "sectors", "market", "stock", "stocks", "bank", "banks", "week", "month", "today", "show", "tell", "give", "if", "about", "has", "have", "been", "be", "most", "best", "worst", "up", "down", "not", "any", "than", "over", "next", "last", "vs", "compare", "foreign", "buying", "selling", "rates", "rate", "price", "prices", "money", "hi", "hello", "thanks", "please"]
)


def detect_language(tokens: tuple[Token, ...]) -> Language | None:
    """Return the language of the words; None where nothing tells ("HPG?")."""
    if any(token.marked for token in tokens):
        return "vi"
    words = [token.raw.casefold() for token in tokens]
    vietnamese = sum(word in _VIETNAMESE for word in words)
    english = sum(word in _ENGLISH for word in words)
    if vietnamese == english:
        return None if vietnamese == 0 else ("vi" if words[0] in _VIETNAMESE else "en")
    return "vi" if vietnamese > english else "en"
