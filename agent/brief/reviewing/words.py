"""The words whose truth can be checked, in English and Vietnamese.

A phrase stands for one mark: a direction with its sign, a metric, a window, a rank, a quadrant, a call, a
confidence. Phrases are matched on lower-case tokens, the longest first, and Vietnamese ones with and without their
diacritics, so that a text written in a hurry is held to the same standard.
"""

# Tables of words read better in long lines.
# ruff: noqa: E501
from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from agent.brief import lexicon as composer

if TYPE_CHECKING:
    from agent.brief.model import Language

TOKEN = re.compile(r"\w+|[^\w\s]")


class Word(NamedTuple):
    """What a phrase stands for."""

    kind: str
    value: object


class Window(NamedTuple):
    """A window, and whether it has passed (``past``), lies ahead (``next``) or is only a length (empty)."""

    period: str
    tense: str = ""


def tokens_of(text: str) -> tuple[str, ...]:
    """Return the lower-case tokens of a text, composed to NFC."""
    return tuple(TOKEN.findall(unicodedata.normalize("NFC", text).lower()))


def without_marks(text: str) -> str:
    """Return a text without diacritics; ``đ`` becomes ``d``."""
    split = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in split if not unicodedata.combining(letter))


FLOWS = frozenset({"foreign_net_value", "foreign_net_ratio", "foreign_pressure"})

DIRECTIONS: dict[str, str] = {
    "move 1": """edged up|bật tăng|nhích lên|surged|soared|surge|soar|climb|increase|jump|advance|rally|rose|rise|rises|risen|rising|gained|gains|climbed|climbs|climbing|advanced|advances|up|increased
        |increases|jumped|jumps|rallied|added ground|returned a gain|a gain of|gain of|grew|went up|moved up|ended higher
        |tăng|tăng nhẹ|tăng vọt|tăng điểm|đi lên|tăng giá|leo lên|nhích lên|bật tăng""",
    "move -1": """edged down|nhích xuống|lao dốc|plunged|tumbled|slumped|plunge|tumble|slump|sink|decline|drop|slip|slide|decrease|fell|fall|falls|fallen|falling|lost|declined|declines|declining|dropped|drops|down|slipped|slips
        |decreased|decreases|slid|sank|retreated|eased|gave up|shed|loses|a loss of|loss of|went down|moved down|ended lower
        |giảm|giảm nhẹ|giảm sâu|giảm điểm|đi xuống|giảm giá|sụt|sụt giảm|lùi|mất điểm|rơi""",
    "move 0": "unchanged|was unchanged|flat|đi ngang|không đổi",
    "relative 0": "in line with|moved in line with|level with|ngang bằng",
    "relative 1": """beat|beats|beaten|beating|outperformed|outperforms|outperforming|outpaced|outpaces
        |above the benchmark|above the market
        |vượt|vượt trội|vượt chuẩn|cao hơn chuẩn|vượt thị trường|hơn chuẩn""",
    "relative -1": """lag|trail|lagging the|lagging behind|lose to|loses to|losing to|lagged|lags|trailed|trails|trailing|underperformed|underperforms|underperforming
        |below the benchmark|below the market|fell behind|falls behind|fallen behind
        |thua|kém|thua kém|kém thị trường|thua thị trường|thấp hơn chuẩn|kém chuẩn|thua chuẩn|kém hơn chuẩn|tụt hậu so với thị trường""",
    "flow 1": """net bought|net buying|bought net|bought|net buyers|net buyer|net purchases|net inflow|net inflows|inflow
        |inflows|buying|were buyers|net buy
        |mua ròng|vào ròng|dòng vốn vào|mua vào|hút ròng""",
    "flow -1": """net sold|net selling|sold net|sold|net sellers|net seller|net sales|net outflow|net outflows|outflow
        |outflows|selling|were sellers|net sell
        |bán ròng|rút ròng|dòng vốn ra|bán ra|rút vốn""",
    "level 1": """above|higher than|over its|exceeds|exceeded|more than|greater than|stronger than normal
        |trên|cao hơn|lớn hơn|nhiều hơn|trên mức|vượt xa""",
    "level -1": """below|lower than|under its|less than|smaller than|under
        |dưới|thấp hơn|nhỏ hơn|ít hơn|dưới mức|kém xa|thấp xa""",
    "give 1": """in favour of|carries|carried|điểm tựa|adds|added|adding|lifts|lifted|supports|supported|supporting|helps|helped|contributes|in favour
        |speaks for|speak for|argues for|pushes up|tailwind|in its favour
        |đóng góp thêm|cộng|cộng thêm|hỗ trợ|nâng đỡ|ủng hộ|nâng|đẩy lên|thuận lợi""",
    "give -1": """weighs on|weigh on|lực cản|subtracts|subtracted|subtracting|drags|dragged|weighs|weighed|hurts|hurt|takes away|takes|speaks against
        |speak against|argues against|pulls down|headwind|counts against|holds back
        |trừ|trừ đi|làm giảm|lấy đi|kéo xuống|gây áp lực|cản|bất lợi|chống lại|đè nặng|kìm""",
    "release 1": "came out high|cao bất thường",
    "release -1": "came out low|thấp bất thường",
    "state 1": "positive|dương|tích cực|gain|gaining|stronger|mạnh lên|higher|cao lên",
    "state -1": "negative|âm|tiêu cực|loss|losing|weaker|yếu đi|lower|thấp đi",
}

METRICS: dict[str, str] = {
    "return rel_return annual_return": "return|returns|returned|performance|lợi suất|lợi nhuận|mức sinh lời|tỷ suất sinh lời|hiệu suất",
    "rel_return expected low high scenario_return": """relative return|relative returns|relative performance|excess return|excess returns|against the benchmark
        |versus the benchmark|relative to the benchmark|vs the benchmark|against the market|relative to the market
        |lợi suất tương đối|hiệu suất tương đối|lợi suất so với thị trường|so với chuẩn|so với thị trường
        |so với thị trường chung|lợi nhuận tương đối|so với chỉ số chuẩn|so với vnindex|so với vn - index
        |tính tương đối|tương đối với|relative to""",
    "probability": """probability|probabilities|chance|chances|odds|likelihood
        |xác suất|khả năng|cơ hội""",
    "expected low high": """expected relative return|expected return|expected|expects|forecast|median forecast|expectation
        |lợi suất tương đối kỳ vọng|lợi suất kỳ vọng|kỳ vọng|dự báo|trung vị dự báo""",
    "hit_rate": "of its calls|calls|came true|nhận định|là đúng",
    "call_share": "made a call|of all cases|số trường hợp",
    "surrogate_agreement": "confirms the direction of|xác nhận chiều tác động của",
    "turnover": "turned over|turnover|quay vòng|vòng quay",
    "excess_return": "excess return of|lợi suất vượt trội",
    "calls": "calls in all|nhận định tất cả",
    "mean_ic mean_ic_low mean_ic_high baseline_ic": "rank correlation|tương quan hạng",
    "baseline_gap baseline_gap_low baseline_gap_high": """lead in rank correlation over the best single signal|lead over the best single signal
        |mức hơn về tương quan hạng so với tín hiệu đơn lẻ tốt nhất|mức hơn tín hiệu đơn lẻ tốt nhất""",
    "choice_gap choice_gap_low choice_gap_high": """lead in rank correlation over the transparent composite|lead in rank correlation of the learned ensemble
        |mức hơn về tương quan hạng so với mô hình tổng hợp minh bạch|mức hơn về tương quan hạng của mô hình học máy kết hợp""",
    "stated_rate": "gave themselves a chance of|gave themselves|tự cho mình xác suất|tự cho mình",
    "interval_held": "of outcomes|kết quả nằm trong",
    "low high hit_rate_low hit_rate_high mean_ic_low mean_ic_high baseline_gap_low baseline_gap_high choice_gap_low choice_gap_high interval_held_low interval_held_high": """interval|range|between|likely range|khoảng dự báo|khoảng tin cậy|nằm trong khoảng
        |trong khoảng|khoảng từ|dao động từ""",
    "volatility rel_volatility": "volatility|annualised volatility|biến động|độ biến động|mức biến động",
    "drawdown rel_drawdown": """drawdown|below its peak|below its high|off its high|under its high|from its high
        |mức sụt giảm|sụt giảm từ đỉnh|thấp hơn đỉnh|dưới đỉnh|cách đỉnh|từ đỉnh""",
    "rise_from_low": """below its low|above its low|from its low|off its low|under its low
        |dưới đáy|trên đáy|từ đáy|cách đáy""",
    "breadth": """breadth|of its shares|of its stocks|of its members|50 - day mean|50 - day average
        |độ rộng|số cổ phiếu|cổ phiếu của ngành|trung bình 50 phiên|cổ phiếu trong ngành""",
    "rs_ratio": """rs - ratio|relative strength|relative - strength ratio|rs ratio|relative strength ratio
        |sức mạnh tương đối|tỷ số rs|chỉ số sức mạnh tương đối""",
    "rs_momentum": """rs - momentum|rs momentum|relative momentum|relative - strength momentum
        |động lượng tương đối|đà rs|động lượng rs""",
    "rs_momentum momentum": "momentum|động lượng",
    "momentum": "momentum without the last month|đà tăng không tính tháng cuối|đà tăng",
    "foreign_net_value foreign_net_ratio foreign_pressure": """foreign flow|foreign flows|foreigners|foreign investors|foreign trading|foreign buying|foreign selling
        |net foreign|foreign|khối ngoại|nhà đầu tư nước ngoài|nước ngoài|dòng vốn ngoại|vốn ngoại""",
    "foreign_net_ratio foreign_pressure": """of traded value|of trading|of turnover|of its traded value|of the value traded
        |giá trị giao dịch|thanh khoản|tổng giao dịch""",
    "whale_ratio": """its normal|normal trading|unusual trading|unusual turnover|usual turnover|its usual
        |traded value was|trading was|turnover was|trading ran at|times its normal|times normal|times the normal
        |large trading|its normal level|mức bình thường|giao dịch lớn|bình thường|mức thường|giao dịch bất thường""",
    "sentiment": "tone|tone of the news|news sentiment|sắc thái tin tức|sắc thái|tâm lý tin tức",
    "sentiment_mean": """mean tone|mean tone of the news|average tone|with a mean of|sắc thái tin tức trung bình|sắc thái trung bình
        |trung bình""",
    "block_value": "block trades|block trade|blocks|giao dịch thỏa thuận",
    "score": "score|scores|điểm số|điểm",
    "rank": "rank|ranks|ranked|ranking|hạng|xếp hạng|bảng xếp hạng|thứ hạng|xếp",
    "change": "change|changed|moved|change over|thay đổi|biến đổi|mức thay đổi",
    "latest": "stands at|stood at|latest|now at|is at|hiện ở mức|đang ở mức|hiện ở|đứng ở|mới nhất",
    "yoy": """year on year|from a year earlier|y / y|yoy|over the year|than a year earlier|on the year
        |so với cùng kỳ|cùng kỳ|theo năm|so với một năm trước""",
    "surprise": "surprise|surprised|usual change|its usual change|bất ngờ|mức thay đổi thường thấy|thay đổi thường thấy",
}

WINDOWS: dict[str, str] = {
    "1D": """1d|one day|1 day|day|today|on the day|daily|the last session|one session|1 session|one - day|1 - day
        |one trading day|1 ngày|một ngày|trong ngày|hôm nay|một phiên|1 phiên|phiên gần nhất|phiên vừa qua|phiên này""",
    "1W": """1w|one week|1 week|a week|week|weekly|this week|past week|one - week|1 - week|five trading days|5 trading days
        |five sessions|5 sessions|5 - day|five - day|1 tuần|một tuần|tuần|tuần này|tuần qua|tuần tới|5 phiên|năm phiên""",
    "1M": """1m|one month|1 month|a month|month|monthly|this month|past month|one - month|1 - month|21 trading days
        |21 sessions|1 tháng|một tháng|tháng|tháng này|tháng qua|tháng tới|21 phiên""",
    "3M": """3m|three months|3 months|three - month|3 - month|quarter|this quarter|past quarter|63 trading days|63 sessions
        |3 tháng|ba tháng|quý|quý này|quý qua|63 phiên""",
    "6M": "6m|six months|6 months|six - month|6 - month|half year|6 tháng|sáu tháng|nửa năm",
    "12M": "12m|twelve months|12 months|twelve - month|12 - month|12 tháng|mười hai tháng",
    "1Y": "1y|year|last year|this year|năm nay|năm ngoái|năm qua|one year|1 year|one - year|1 - year|past year|1 năm|một năm",
    "3Y": "3y|three years|3 years|three - year|3 - year|3 năm|ba năm",
    "5Y": "5y|five years|5 years|five - year|5 - year|5 năm|năm năm",
}

RANKS: dict[str, str] = {
    "top 1": """busiest|quickest|most volatile|most actively traded|furthest|deepest|sôi động nhất|sâu nhất|rộng nhất|xa nhất|leads|led|lead|leader|leads the ranking|first|strongest|highest|best|top|comes first|ranks first|dẫn đầu|đứng đầu|đầu bảng|mạnh nhất|cao nhất|tốt nhất|thứ nhất|đầu tiên|số một""",
    "size 1": "largest|most|biggest|mostly|mainly|chiefly|above all|above all because|trước hết|trước hết là|trước hết do|lớn nhất|nhiều nhất|chủ yếu",
    "size -1": "smallest|least|nhỏ nhất|ít nhất",
    "top 2": "second|runner - up|second strongest|second best|thứ hai|thứ nhì|thứ 2|hạng hai",
    "top 3": "third|third strongest|thứ ba|thứ 3|hạng ba",
    "top 4": "fourth|thứ tư|thứ 4|hạng tư",
    "top 5": "fifth|thứ năm|thứ 5|hạng năm",
    "top 6": "sixth|thứ sáu|thứ 6",
    "top 7": "seventh|thứ bảy|thứ 7",
    "top 8": "eighth|thứ tám|thứ 8",
    "top 9": "ninth|thứ chín|thứ 9",
    "top 10": "tenth|thứ mười|thứ 10",
    "top 11": "eleventh|thứ mười một|thứ 11",
    "top 12": "twelfth|thứ mười hai|thứ 12",
    "bottom 1": """quietest|calmest|least volatile|narrowest|trầm lắng nhất|hẹp nhất|last|weakest|lowest|worst|bottom|comes last|ranks last|brings up the rear
        |cuối bảng|yếu nhất|thấp nhất|kém nhất|cuối cùng|đứng cuối|xếp cuối|chót bảng|tệ nhất""",
    "bottom 2": "second weakest|second last|second - weakest|second to last|áp chót|yếu thứ hai|áp cuối",
}

AGAINST_MARKET = {"ahead of": 1, "behind": -1}
"""Comparisons that say, before the benchmark's name, how a sector did against it."""
COMPARES: dict[int, str] = {
    1: """ahead of|stronger than|did better than|does better than|better than|higher than|more than|larger than
        |vượt trên|mạnh hơn|tốt hơn|cao hơn|nhiều hơn|hơn|trên cả|đứng trên""",
    -1: """behind|weaker than|did worse than|does worse than|worse than|lower than|less than|smaller than
        |sau|yếu hơn|kém hơn|thấp hơn|ít hơn|đứng sau|đứng dưới""",
}

LABELS: dict[str, dict[str, str]] = {
    "quadrant": {
        "leading": "leading|dẫn dắt",
        "weakening": "weakening|suy yếu|yếu dần",
        "lagging": "lagging|tụt hậu",
        "improving": "improving|cải thiện|hồi phục|đang cải thiện",
    },
    "call": {
        "outperform": """poised to gain|khả quan|đánh giá khả quan|mô hình ưu tiên|có khả năng vượt hơn|có khả năng tốt hơn|có khả năng mạnh hơn|outperform|outperform call|call is outperform|expected to outperform|likely to outperform
            |triển vọng tăng|khả năng vượt trội|sẽ vượt trội|có khả năng vượt trội|có triển vọng tăng
            |nhiều khả năng vượt trội""",
        "underperform": """poised to lose|kém khả quan|đánh giá kém khả quan|call is against|is against|có khả năng yếu hơn|có khả năng thua|thận trọng với|underperform|underperform call|call is underperform|expected to underperform
            |likely to underperform|triển vọng giảm|khả năng thua kém|có triển vọng giảm|nhiều khả năng thua kém""",
        "none": """no sector has a clear edge|trung lập|quan điểm trung lập|none has a clear edge|makes no call on any sector|no clear edge|chưa ngành nào có lợi thế rõ
            |chưa thấy lợi thế rõ|không đưa ra nhận định cho ngành nào|no call|no edge|abstains|no clear call|không rõ lợi thế|chưa rõ lợi thế|không có lợi thế rõ
            |không có lợi thế rõ ràng|không đưa ra nhận định|không có nhận định|chưa có lợi thế rõ|chưa rõ ưu thế""",
    },
    "edge": {"some": "clear edge|lợi thế rõ|lợi thế rõ ràng|has an edge"},
    "confidence": {
        "high": """high confidence|confidence is high|with high confidence|confidence high|high - confidence
            |độ tin cậy cao|độ tin cậy là cao|tin cậy cao|độ tin cậy : cao""",
        "medium": """medium confidence|confidence is medium|moderate confidence|confidence medium
            |độ tin cậy trung bình|độ tin cậy vừa|tin cậy trung bình|độ tin cậy : trung bình""",
        "low": """low confidence|confidence is low|with low confidence|confidence low
            |độ tin cậy thấp|độ tin cậy là thấp|tin cậy thấp|độ tin cậy : thấp""",
    },
}

LABELS["pace"] = {
    "gaining": "gaining pace|still gaining pace|gains pace|đang mạnh lên|còn mạnh thêm|đà mạnh lên|tăng tốc|đang tăng tốc",
    "losing": "losing pace|loses pace|đang yếu đi|đà yếu đi|mất đà|đang mất đà|giảm tốc|đang giảm tốc",
}
LABELS["half"] = {
    "upper": "ranked high|ranks high|xếp cao|xếp hạng cao",
    "lower": "ranked low|ranks low|xếp thấp|xếp hạng thấp",
}
LABELS["strength"] = {
    "strong": "strong against|strong relative to|mạnh so với|vẫn mạnh so với|còn mạnh so với",
    "weak": "weak against|weak relative to|yếu so với|còn yếu so với|vẫn yếu so với",
}
ASKING = """you can ask|you could ask|you may ask|ask which|ask how|ask what|bạn có thể hỏi|có thể hỏi|hãy hỏi|bạn hãy hỏi
    |cũng có thể hỏi|bạn muốn hỏi"""
BREAKS = """, | ; | : | ( | ) | — | – | and | but | while | whereas | against | though | although | then | or | than | yet | after | so
    | và | còn | trong khi | trong lúc | dù | mặc dù | nhưng | tuy | rồi | sau khi | nên | hoặc | song | so với"""
HYPOTHETICAL = "if|would|could|might|should|unless|were to|whether|nếu|có thể|giả sử|sẽ"
NUMBERS = {
    2: "two|hai", 3: "three|ba", 4: "four|bốn", 5: "five|năm", 6: "six|sáu", 7: "seven|bảy", 8: "eight|tám",
    9: "nine|chín", 10: "ten|mười", 11: "eleven|mười một", 12: "twelve|mười hai",
}  # fmt: skip
NEGATION = "not|no|never|neither|nor|none|without|isn ' t|didn ' t|không|chưa|chẳng|không phải"
TOO_COMMON = frozenset(
    {"mức", "level", "adds", "takes away", "cộng thêm", "lấy đi", "khối ngoại", "foreign flow"}
)
"""Forms of the lexicon that stand for more than one thing here."""
NOISE = "a year|mỗi năm|at most|at least|at best|the order says more than the call does|nói lên nhiều hơn bản thân nhận định|the lead of|thắng lẫn thua|cả thắng lẫn thua|a win and a loss|both a win and a loss|độ lệch chuẩn|a number of|hướng dẫn"
FOLLOW = """followed by|ahead only of|next come|next comes|then come|then comes|tiếp theo là|kế đến là|theo sau là|tiếp đến là
    |kế tiếp là|sau đó là"""


def _phrases(block: str) -> tuple[str, ...]:
    return tuple(phrase for part in block.split("|") if (phrase := " ".join(part.split())))


def _other_windows() -> str:
    """Return lengths that no window has, which a text may not speak of."""
    known = {phrase for text in WINDOWS.values() for phrase in _phrases(text)}
    numbers = [str(n) for n in range(1, 61)]
    numbers += [form for text in NUMBERS.values() for form in text.split("|")]
    units = "day|days|week|weeks|month|months|quarter|quarters|year|years|sessions|trading days|ngày|phiên|tuần|tháng|quý|năm"
    found = [f"{n} {unit}" for n in numbers for unit in units.split("|")]
    found += [f"{n} - {unit}" for n in numbers for unit in ("day", "week", "month", "year")]
    return "|".join(phrase for phrase in found if phrase not in known)


def _key(text: str) -> tuple[str, int]:
    name, number = text.split()
    return name, int(number)


def _tables() -> list[tuple[str, object, str]]:
    rows: list[tuple[str, object, str]] = [
        ("direction", _key(key), text) for key, text in DIRECTIONS.items()
    ]
    rows += [("compare", key, text) for key, text in COMPARES.items()]
    rows += [("metric", frozenset(key.split()), text) for key, text in METRICS.items()]
    rows += [("window", Window(key), text) for key, text in WINDOWS.items()]
    rows.append(("window", Window("other"), _other_windows()))
    rows += [("rank", _key(key), text) for key, text in RANKS.items()]
    for kind, table in LABELS.items():
        rows += [(kind, key, text) for key, text in table.items()]
    rows += [("number", key, text) for key, text in NUMBERS.items()]
    rows += [
        ("break", None, BREAKS),
        ("if", None, HYPOTHETICAL),
        ("not", None, NEGATION),
        ("follow", None, FOLLOW),
        ("ask", None, ASKING),
        ("noise", None, NOISE),
    ]
    return rows


def _composer_rows() -> list[tuple[str, object, str]]:
    """Return the phrases of the composer's own lexicon, so that no word of a brief is unknown here."""
    rows: list[tuple[str, object, str]] = []
    languages: tuple[Language, ...] = ("en", "vi")
    for language in languages:
        for metric, forms in composer.METRICS[language].items():
            names = frozenset({metric})
            rows += [("metric", names, form) for form in forms if form not in TOO_COMMON]
        for tense, table in (("past", composer.WINDOWS), ("next", composer.AHEAD)):
            for period, forms in table[language].items():
                rows += [("window", Window(period, tense), form) for form in forms]
        known = {
            phrase
            for text in (*DIRECTIONS.values(), *RANKS.values(), *COMPARES.values())
            for phrase in _phrases(text)
        }
        for sign, words in (
            (1, composer.UP_WORDS),
            (-1, composer.DOWN_WORDS),
            (0, composer.FLAT_WORDS),
        ):
            rows += [
                ("direction", ("any", sign), word) for word in words[language] if word not in known
            ]
        for call, forms in composer.CALLS[language].items():
            rows += [("call", call, form) for form in forms]
        for group, form in composer.GROUPS[language].items():
            rows.append(("group", group, form))
    return rows


@cache
def lexicon() -> dict[str, tuple[tuple[tuple[str, ...], tuple[Word, ...]], ...]]:
    """Return first token → phrases that begin with it, the longest first, each with all it may stand for."""
    found: dict[tuple[str, ...], list[Word]] = {}
    for kind, value, text in (*_tables(), *_composer_rows()):
        for phrase in _phrases(text):
            for form in {phrase, without_marks(phrase)} if kind != "break" else {phrase}:
                words = found.setdefault(tokens_of(form), [])
                if Word(kind, value) not in words and (form == phrase or len(tokens_of(form)) > 1):
                    words.append(Word(kind, value))
    first: dict[str, list[tuple[tuple[str, ...], tuple[Word, ...]]]] = {}
    for phrase_tokens, words in found.items():
        if words:
            first.setdefault(phrase_tokens[0], []).append((phrase_tokens, tuple(words)))
    return {key: tuple(sorted(rows, key=lambda row: -len(row[0]))) for key, rows in first.items()}
