"""Questions outside the market told by what they are about: a person's affairs, the law, an account, a wager.

A frame is two notions that together leave no room for a market question: a person *and* something private, an
order's verb *and* the reader's own account. Sector or share names beside them change nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

from agent.brains.offline.text import fold

_KEPT = 64
"""Stretches of text whose answer is kept: one question looks at each of its own several times."""
_SOMEONES = re.compile(
    r"\b(?:danh mục|tài khoản|lịch sử giao dịch|lệnh|cổ phiếu|lương|nhà)\b.{0,12}\bcủa (?:anh|chị|ông|bà"
    r"|cô|chú|bạn)"
    r"\s+[A-ZĐ]\w+"
)
"""Something that belongs to a person called by name."""
_HOUSE = re.compile(
    r"\b(?:what(?:'s| is| are| does| did)?|which|show|how much|danh mục|list)\b.{0,30}?"
    r"\b(?:[A-Z]\w+ (?:Capital|Fund|Funds|Partners|Management|Investors|Advisors)|[A-Z]\w+'s|Buffett"
    r"|Soros|Dalio|BlackRock"
    r"|Vanguard|VEIL|VinaCapital|Pyn Elite|Dragon Capital)\b.{0,30}\b(?:hold\w*|own\w*|portfolio"
    r"|position\w*|buy\w*|bought|book)\b"
    r"|\b(?:danh mục|nắm giữ|tỷ trọng|portfolio|holdings)\b.{0,14}\b(?:của )?(?:quỹ|fund) [A-Z]\w+"
    r"|\b[Qq]uỹ [A-Z]\w+.{0,20}\b(?:nắm|giữ|cầm|mua|bán|danh mục|ôm)\b"
)
"""What one named house holds, which no market tells."""
_PERSON = (
    r"ong chu|ba chu|ty phu|chair(?:man|woman|person)?|ceo|cfo|boss|founder|owner|director|executive"
    r"|colleague|coworker|neighbou?rs?"
    r"|friends?|brother|sister|cousin|uncle|aunt|mother|father|mom|dad|wife|husband|girlfriend|boyfriend"
    r"|daughter|son|clients?|customers?|employees?|minister|president|broker s"
    r"|chu tich|tong giam doc|giam doc|sep tong|dong nghiep|hang xom|ban than|ban toi|ban gai|ban trai"
    r"|em gai|anh trai|chi gai|ba xa|ong xa|vo ong|chong ba|khach hang|nhan vien|sep toi|sep em|con trai|con gai"
    r"|thang ban|con ban|nguoi yeu|co dong lon|ca si|dien vien"
)
_PRIVATE = (
    r"live|lives|living|address|phone|mobile|number|email|salary|salaries|paid|earn|earns|own|owns|hold"
    r"|holds|holding"
    r"|married|divorced|net worth|worth|old|age|born|home|house|account|portfolio|portfolios|position|positions"
    r"|password|id card|passport|religion|sick|dating|secret"
    r"|song o|o dau|so dien thoai|sdt|dia chi|luong|thu nhap|tai san|giau|tuoi|sinh nam|que|nha rieng"
    r"|bao nhieu nha|may can nha|may vo|bao nhieu tien"
    r"|tai khoan|danh muc|cam bao nhieu|giu bao nhieu|so huu|so cccd|cmnd|lay vo|lay chong|ly hon|bo nhi"
)
_PRIVATE_MARKED = re.compile(
    r"\b(?:what|which|how much|how many|where|who|is|does|do|give|tell|find|show|ma gi|gi|nao|bao nhieu|dau|cho)\b"
)
_LOOKING = (
    r"(?:xem|coi|phan tich|giai thich|danh gia|nhan xet|kiem tra|check|so sanh|tim|tra|tong hop|liet ke|noi|bao"
    r"|biet|gi|nao|bao nhieu|sao|the nao)"
)
"""What asks for a look rather than an order: "sell for me" and "you" are one word without diacritics."""
_LOOK_AT = re.compile(
    r"\b(?:xem|coi|phan tich|giai thich|danh gia|nhan xet|kiem tra|check|so sanh|tong hop|liet ke)\b"
)
_YOU = re.compile(r"\bbạn\b", re.IGNORECASE)
_ORDER = re.compile(
    r"(?:^|\b(?:hay|nho|lam on|roi|va)\s+)(?:ban|mua|chot|thanh ly|xa|tat toan|dong)\b"
    r"(?!(?:\s+\w+){0,9}\s+" + _LOOKING + r"\b)(?:\s+\w+){0,5}\s+(?:giup|ho|gium|dum|cho)"
    r"\s+(?:toi|em|minh|anh|tui|chi|tao)\b"
)
_TRADERS = (
    r"\b(?:khoi ngoai|nuoc ngoai|(?:von|quy|nha dau tu) ngoai"
    r"|ca map|tay to|tay long|dong tien|to chuc|tu doanh)\b"
)
"""Those of whom "where do they buy?" asks for sectors, not for a shop."""
_WHERE_TRADED = re.compile(rf"{_TRADERS}.{{0,20}}\b(?:mua|ban|gom|xa|rut)\b.{{0,12}}\bo dau\b")
_FRAMES = tuple(
    re.compile(pattern)
    for pattern in (
        # law and tax
        r"\b(?:law ?suits?|sue|sued|suing|lawyers?|attorney|in court|illegal|is it legal|legally|prosecut\w+|police"
        r"|inheritance|will and testament|stole|stolen|scam|scammed|scammer|defraud\w*|complain to"
        r"|file a complaint|compensation claim"
        r"|tax(?:es)? (?:evasion|return|refund|advice|form|bracket)s?"
        r"|(?:pay|paying|avoid|evade|dodge|file|declare|owe|reduce|save on|minimi[sz]e)\w* (?:\w+ ){0,3}tax(?:es)?"
        r"|capital gains tax|income tax)\b",
        r"\b(?:kien (?:o|ai|cong ty|ra|tung)|kien tung|thua kien|to cao|to giac|luat su|phap luat|hop phap"
        r"|bat hop phap"
        r"|pham luat|vi pham luat|tron thue|ne thue|lach thue|khai thue|nop thue|dong thue|quyet toan thue"
        r"|hoan thue|thue tncn|thue thu nhap|bi lua|lua dao|cong an|toa an|di tu|thua ke|di chuc)\b",
        # orders, accounts, money of the reader
        r"\b(?:set|put|place|add|move|cancel|enter|trigger)\b(?:\s+\w+){0,3}\s+"
        r"(?:stop ?loss|stop|take profit|limit|order|orders|alert)\b",
        r"\b(?:cai|dat|keo|huy|sua|bat|vao)\b(?:\s+\w+){0,2}\s+(?:stop ?loss|sl|tp|lenh|canh bao|take profit)\b",
        r"\b(?:transfer|deposit|withdraw|wire|top up|cash out|lend|borrow|refund)\b(?:\s+\w+){0,4}"
        r"\s+(?:money|cash|funds?|dollars?|usd|vnd|dong|account|wallet|margin|million|\d+m)\b",
        r"\b(?:lend|loan|give|send|wire) me (?:(?:some|a|the|\d+\w*) )*(?:money|cash|dollars?|bucks"
        r"|million|loan)\b",
        r"\b(?:my|the)\s+(?:account|cash|margin|wallet)\s+(?:balance|number|limit|history)\b"
        r"|\b(?:my|our) buying power\b|\bmargin call\b|\bmy (?:p ?(?:&|n) ?l|pnl|trade history|orders?)\b",
        r"\b(?:nap|rut|chuyen|vay|muon|gui|ung)\s+(?:them\s+|giup\s+|ho\s+|cho\s+\w+\s+)?(?:tien|margin)\b"
        r"|\b(?:nap|chuyen|vay|muon|ung)\s+(?:them\s+|giup\s+|ho\s+|cho\s+\w+\s+)?\d+"
        r"|\b(?:so du|suc mua|han muc|sao ke)\b|\bcho (?:toi|em|anh|minh|tui) (?:vay|muon)\b",
        r"\b(?:buy|sell|short)\b.{0,25}\b(?:for me|on my behalf|at market|at the open|in my account|right away"
        r"|immediately)\b",
        r"\b(?:mua|ban|muc|xa|chot)\b.{0,30}\b(?:gia tran|gia san|gia ato|gia atc|gia mp|ato|atc|ngay cho"
        r"|lien cho)\b",
        r"^(?:please |pls |just |now |ok |go )*(?:close|liquidate|sell|dump|exit|unwind|flatten|buy|short|cover)\b"
        r"(?:\s+\w+){0,4}\s+(?:my|all|everything|half|positions?|holdings)\b(?!.*\b(?:or|if|should|when|why)\b)",
        r"\b(?:grab|get|snag|pick up|fetch|order|scoop) (?:me |us )?\d+\b|\b(?:buy|sell) (?:me |us )?\d+",
        r"\b(?:mua|ban|lay|muc|gom|xuc)\b(?:\s+\w+){0,3}\s+\d+\s+(?:co|cp|lo|co phieu)\b(?!.*\b(?:nen|neu)\b)",
        rf"^(?!.*{_TRADERS})"
        r".*\b(?:mua|ban) o dau\b|\b(?:tiem nao|cua hang nao|shop nao|cho nao ban|o dau re)\b",
        # promises nobody can make
        r"\b(?:guarantee\w*|promise|risk ?free|sure ?fire|can t lose|100% (?:sure|safe|win))\b.{0,40}"
        r"\b(?:profits?|returns?|gains?|money|win|me)\b",
        r"\b(?:cam ket|dam bao|bao dam|chac chan)\b.{0,40}\b(?:loi|lai|loi nhuan|thang|an|khong lo|gap doi"
        r"|gap ba|x2|nhan doi|se len|se tang)\b",
        # what no end-of-day data holds: the tape of a minute, a price to the dong
        r"\b(?:tick by tick|tick data|level 2|level ii|order book|bid ask|market depth|minute by minute"
        r"|second by second|real ?time|live (?:price|quote|ticker|feed|stream)\w*|streaming quotes?)\b"
        r"|\b\d{1,2} ?[:h] ?\d{2}\b(?! (?:am|pm)? ?(?:meeting|call))|\bkhop lenh tung|\btung (?:giay|phut|tick)\b"
        r"|\b(?:so lenh|du mua|du ban|buoc gia|thoi gian thuc|realtime)\b",
        r"\b(?:exact|precise|single number|to the (?:cent|dong|penny))\b.{0,50}\b(?:next|tomorrow|on|by|at)\b"
        r"|\b(?:exact|precise)\b.{0,30}\b(?:close|closing|price|level)\b|\bprice targets?\b|\bgia muc tieu\b"
        r"|\bchinh xac\b.{0,30}\b(?:bao nhieu|gia|diem)\b.{0,30}\b(?:mai|toi|tuan sau|thang sau|ngay)\b",
        r"\b(?:price|quote[ds]?|prints?|printed|trad(?:e|es|ed|ing)|last|worth|at)\b.{0,40}"
        r"\b(?:(?:half|quarter) past|quarter to|\d{1,2} o clock|(?:at|by) (?:[01]?\d|2[0-3]) [0-5]\d\b)",
        r"\bquote\b.{0,30}\b(?:at|as of) (?:noon|midday|(?:a )?(?:half|quarter)|\d{1,2})\b",
        r"\b(?:khop|gia|bao nhieu)\b.{0,30}\b\d{1,2} gio\b(?! (?:qua|vua|truoc|toi))"
        r"|\b\d{1,2} gio\b(?! (?:qua|vua|truoc|toi)).{0,40}\b(?:khop|gia|bao nhieu)\b",
        # a bell to ring later
        r"\b(?:warn|ping|alert|notify|remind|buzz) me\b"
        r"|\b(?:text|message|call|wake) me (?:at|when|if|once|tomorrow)\b"
        r"|\b(?:tell me|let me know|shout) (?:when|once|as soon as)\b.{0,40}\b(?:hits?|drops?|falls?|crosses"
        r"|reaches|breaks?|below|above|under|over)\b.{0,12}\d",
        r"\b(?:bao(?= (?:toi|em|anh|minh|tui|cho|giup|lai) )|nhan|nhac|goi|hu|keu|la len)\b"
        r"(?: \w+){0,4} (?:khi|luc|neu)\b.{0,30}"
        r"\b(?:len|xuong|thung|cham|vuot|ve|qua)\b \d|\b(?:thung|cham|vuot)\b \d+\b.{0,12}\b(?:thi|la)\b"
        r".{0,8}\b(?:bao (?:toi|em|anh|minh|tui|cho)|nhan|nhac|goi|hu len|keu|la len)\b",
        # orders in the words of a dealing room
        r"\b(?:work|execute|fill|cross|slice|route|stage|submit)\b(?: \w+){0,2} \d+ ?(?:k|m|lots?|shares?)?\b"
        r"|\b(?:vwap|twap|pov|moc|loc) (?:into|over|till|until|order|algo)\b|\bhit the bid\b|\blift the offer\b",
        r"\b(?:put me down|sign me up) for \d|\bi ll take \d|\b(?:liquidate|unwind|offload|dispose of"
        r"|close out|sell off"
        r"|sell|sell down|buy|exit)\b (?:\w+ ){0,3}(?:position|holding|stake|shares?)\b.{0,30}"
        r"\b(?:at the open|tomorrow|now|immediately|asap|at market|at the close|first thing)\b",
        # who exactly stands behind a trade, and tips that cannot lose
        r"\bwho (?:at|from|inside|exactly|in the)\b.{0,24}\b(?:bought|sold|buys?|sells?|is buying"
        r"|is selling|traded|placed)\b"
        r"|\b(?:name|names|identity|identities) of (?:the |that )?(?:buyers?|sellers?|whales?|account|holders?)\b"
        r"|\b(?:doi lai|ca map|tay to|ben mua|ben ban|nguoi mua|nguoi ban)\b.{0,20}\b(?:la ai|ten gi"
        r"|ho ten|dia chi|so dien thoai)\b",
        r"\bx ?\d+ tai khoan\b|\bnhan (?:doi|ba|\d) tai khoan\b|\bphim (?:hang|em|ma|con|cho|keo|giup)\b"
        r"|\b(?:chac an|an chac"
        r"|chac thang|(?<!du )bao (?:lai|loi|thang))\b|\b(?:sure bet|sure win|can t miss|multibagger"
        r"|ten ?bagger|hot tips?)\b",
        # near the market, and not in its prices: taxes, rules, derivatives, the names behind accounts, officials
        r"\b(?:withholding|taxes|taxation|taxable|tax rate|tax treaty|dividend tax|stamp duty)\b"
        r"|\bthue (?:khau tru|tncn|tndn|co tuc|chuyen nhuong|gtgt|ban co phieu|chung khoan)\b",
        r"\b(?:nghi dinh|thong tu|xu phat|muc phat|khung phat|che tai|dieu luat|luat chung khoan)\b"
        r"|\b(?:penalt(?:y|ies)|fines?) "
        r"(?:for|under|of)\b|\benforcement (?:file|case|action)\b|\b(?:decree|circular) (?:no "
        r"|number )?\d|\bwhistle ?blow\w*",
        r"\bimplied vol\w*|\boptions? (?:chain|surface|skew|on|market|expiry|greeks)\b|\b(?:call"
        r"|put) options?\b|\bput call\b"
        r"|\bopen interest\b|\bfutures (?:basis|contract|curve|roll)\w*|\bquyen chon\b|\bham y\b"
        r"|\bchung quyen\b|\bphai sinh\b"
        r"|\bhop dong tuong lai\b|\bvn30f\w*|\bcovered warrants?\b|\bswaps?\b(?! (?:out|into|between|places))",
        r"\b(?:name|list|identify|disclose|reveal|which|whose)\b.{0,24}\b(?:accounts?|individuals?"
        r"|clients?|account holders?)\b.{0,40}"
        r"\b(?:behind|bought|sold|traded|trades?|holding|placed)\b|\b(?:danh sach|ten|liet ke|cho biet)\b.{0,16}"
        r"\b(?:tai khoan|ca nhan|nha dau tu nao|nguoi nao)\b.{0,30}\b(?:mua|ban|giao dich|nam giu|gom|xa)\b",
        r"\b(?:bo truong|thong doc|thu tuong|chu tich (?:nuoc|ubck|uy ban)|minister|governor"
        r"|prime minister|president)\b.{0,40}"
        r"\b(?:la ai|ten gi|ten la gi)\b|\bwho (?:is|was) (?:the )?(?:\w+ ){0,3}(?:minister|governor"
        r"|president|chairman|ceo|cfo)\b",
        # body, heart, luck, belief
        r"\b(?:headache|fever|cough|stomach|medicine|pills?|doctor|symptoms?|hurts|pregnan\w+|depress(?:ed"
        r"|ion) (?:and|i)"
        r"|vaccine|therapy|therapist)\b(?!.*\b(?:sector|stocks?|names)\b)",
        r"\buong thuoc|\bthuoc (?:gi|nao|tri|dau|ho|cam)\b|\b(?:dau|nhuc|moi)\s+(?:dau|bung|rang|lung|mat|chan"
        r"|tay|hong)\b"
        r"|\b(?:kham benh|bac si|so mui|cam cum|trieu chung|mang thai|co bau)\b",
        r"\b(?:crush|breakup|broke up with|tinder|in love|date night|my ex)\b"
        r"|\b(?:that tinh|chia tay|to tinh|nguoi yeu cu|ny cu|tan gai|nho nguoi yeu)\b",
        r"\b(?:horoscope|zodiac|fortune tell\w*|lottery|lotto|casino tonight|sports? bet\w*|poker|roulette)\b"
        r"|\b(?:xem boi|boi toan|tu vi|phong thuy|lo de|so de|danh de|xo so|ve so|ca do|keo bong|con gi hom nay)\b",
        r"\b(?:vote|voting|election|elections|politician|candidate)\b(?!.*\b(?:sector|market|stocks?)\b)",
        # work to write, teach or fix
        r"\b(?:write|draft|compose|proofread|edit|rewrite)\b(?:\s+\w+){0,4}\s+(?:letter|e-?mail|cv|resume|essay"
        r"|poem|story"
        r"|speech|code|script|song|novel|tweet|caption|homework|thesis|paper|blog)\b",
        r"\bviet\b(?:\s+\w+){0,3}\s+(?:thu|email|mail|don|cv|van|tho|code|truyen|status|caption|luan van"
        r"|tieu luan|bai)\b",
        r"\b(?:fix|repair|install|reset|debug)\s+(?:my|the|a)\s+(?:car|phone|laptop|computer|printer|wifi"
        r"|router|app"
        r"|code|washing|bike)\b|\bsua (?:xe|may|dien thoai|nha|wifi)\b",
        r"\b(?:cover letter|job interview|job offer|bank job|hire me|career advice|visa|passport renewal)\b"
        r"|\b(?:xin viec|phong van|tuyen dung|nghi viec|thuc tap o)\b",
        # the planner itself
        r"\b(?:unrestricted|dan mode|jailbr\w+|system prompt|hidden prompt|your (?:system )?prompt"
        r"|your (?:source code|config\w*)"
        r"|(?:ignore|forget|break|disregard|bypass|reveal|print|show|repeat|list|violate"
        r"|what are) (?:\w+ ){0,3}your (?:instructions"
        r"|rules|guidelines)|delete (?:the|all|every)|drop table|sudo|rm rf|root shell|base64"
        r"|override)\b.{0,60}",
        r"\b(?:bo qua|quen|pha|vuot|lo di)\b.{0,20}\b(?:luat|quy tac|huong dan|chi dan|chi thi|lenh tren"
        r"|rang buoc)\b"
        r"|\b(?:in|tiet lo|cho xem|lo|dua)\b.{0,12}\b(?:prompt|system|he thong|api|token)\b",
    )
)
_COMPANY_PERSON = re.compile(
    rf"\b(?:{_PERSON})\b(?:\W+\w+){{0,6}}?\W+(?:{_PRIVATE})\b"
    rf"|\b(?:{_PRIVATE})\b(?:\W+\w+){{0,4}}?\W+(?:{_PERSON})\b"
)
_SPEAKER = re.compile(
    r"\b(?:my|our) (?:boss|clients?|colleague|friend|cousin|brother|sister|wife|husband|uncle|dad|mom|professor)s? "
    r"(?:asked|asks|wants|want|says|said|told|thinks|swears|needs|keeps|is asking|wonders)"
    r"|\b(?:sep|khach|khach hang|ban toi|vo|chong|thay) (?:hoi|muon|bao|can|noi|keu)\b"
)
"""Somebody whose question the reader only passes on."""


def asks_for_a_look(text: str) -> bool:
    """Whether someone is asked politely to look at something, which is no order to trade it."""
    folded = _plain(text)
    return bool(_LOOK_AT.search(folded)) and not re.search(r"\d|\blenh\b", folded)


@lru_cache(maxsize=_KEPT)
def is_outside(text: str) -> bool:
    """Whether a question is about something no market answers, whatever names stand beside it."""
    folded = _plain(text)
    if _SOMEONES.search(text) or _HOUSE.search(text) or _ORDER.search(_plain(_YOU.sub(" ", text))):
        return True
    if any(frame.search(folded) for frame in _FRAMES):
        return True
    if _SPEAKER.search(folded):
        return False
    return bool(_COMPANY_PERSON.search(folded) and _PRIVATE_MARKED.search(folded))


def asks_where_traded(text: str) -> bool:
    """Whether a question asks where those who move the market buy or sell."""
    return bool(_WHERE_TRADED.search(_plain(text)))


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w%&\s-]", " ", fold(text)).replace("-", " ").split())
