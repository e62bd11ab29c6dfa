"""The combinations of words behind :mod:`agent.brains.offline.senses`, by the cue they add.

Patterns read folded text, small letters without diacritics, without punctuation but that of figures. A combination
joins roles (somebody, from elsewhere; a holding, in the past), so that it fits questions nobody has written yet.
"""

from __future__ import annotations

_PEOPLE = (
    r"(?:people|persons?|folks?|guys?|investors?|buyers?|sellers?|traders?|money|cash|capital|funds?|players?"
    r"|ones?|anyone|someone|institutions?|accounts?|clients?|holders?)"
)
_NGUOI = (
    r"(?:ng|nguoi|dan|ben|khach|ndt|nha dau tu|tien|von|dong tien|may ong|may anh|ong|khoi|quy"
    r"|to chuc|phia|team)"
)
_TRADES = (
    r"(?:buy|bought|buys|buying|sell|sells|sold|selling|dump\w*|unload\w*|offload\w*|accumulat\w*"
    r"|collect\w*|load\w*"
    r"|pil(?:e|es|ed|ing)|scoop\w*|grab\w*|hoover\w*|stack\w*|snap\w*|swallow\w*)"
)
_BIG = (
    r"(?:rich|wealthy|big|bigger|large|huge|giant|heavy|deep pocketed|major|powerful|well heeled)"
)
_ODD = (
    r"(?:weird|odd|strange|unusual|funny|crazy|abnormal|suspicious|fishy|freaky|peculiar|outsize\w*"
    r"|massive|monster)"
)
_MUA_BAN = r"(?:mua|ban|gom|xa|muc|hot|om|day|thoat|do|rut)"
_DEARER = (
    r"(?:(?:more|super|very|so|really|too|crazy|even more) (?:expensive|costly|pricey)"
    r"|pricier|costlier|dearer|expensive)"
)
_CHEAPER = r"(?:cheaper|less (?:expensive|costly|pricey)|cheap)"
_LOANS = r"(?:borrow\w*|loans?|credit|debt|mortgages?|financing|the cost of money)"
_HOME_MONEY = (
    r"(?:(?:our|the|local|home|domestic|vietnam\w*|viet|indonesian?) (?:own )?(?:money|currency|cash)"
    r"|(?:the )?(?:dong|rupiah|vnd|idr))"
)
_WORTH_LESS = (
    r"(?:los\w+ (?:\S+ ){0,3}(?:value|ground|\d+)|worth (?:\S+ ){0,3}less|weak\w*|slid\w*|sink\w*|tumbl\w*|plung\w*"
    r"|drop\w*|fall\w*|fell|crash\w*|depreciat\w*|cheaper|tank\w*|slump\w*)"
)
_TIEN = (
    r"(?:tien (?:minh|ta|viet|vn|dong|nuoc minh|cua minh|cua ta|cua viet nam)|dong tien (?:viet|minh)"
    r"|vnd|noi te)"
)
_STRATEGY_BUY = (
    r"(?:buy\w*|bought|own\w*|pick\w*|chas\w*|hold\w*|go\w* long|invest\w* in|jump\w* on)"
)
_BP = r"(?:bps?|basis points?|diem co ban)"
_RATE_MOVE = (
    r"(?:hik\w*|cuts?|cutting|rises?|rising|raise\w*|increase\w*|eas\w+|tighten\w*|lower\w*|reduc\w+|moves?"
    r"|off|tang|giam|nang|ha|cat|bot)"
)
_HELD_PAST = (
    r"stuck|gone|backed|ridden|loaded|bought|followed|held|owned|kept|invested|switched|rotated"
    r"|listened|traded|picked|chased|sold|put"
)
_LONG_PAST = (
    r"(?:year|yr|\d+ ?y)s?\b|(?:every|each|a) (?:\w+ )?(?:month|quarter|week|time)\b"
    r"|months?\b.{0,10}\bevery|20\d\d\b"
)

_DRIVERS_NAMED = r"(?:rates?|yields?|oil|crude|dong|rupiah|dollar|currency)"

SENSES = {
    "flow": (
        rf"\b{_PEOPLE}\b(?: \w+){{0,3}} (?:from|in|out of|based) (?:other|another|different|foreign|outside|abroad"
        r"|overseas|across the (?:border|sea)|elsewhere|all over the world)\b(?! (?:sector|industr|group|part))",
        r"\bnon (?:vietnamese|local|locals|domestic|indonesian|resident)\w*|\brest of the world\b"
        r"|\b(?:internationals?|outsiders|expats)\b(?=.*\b(?:bu|sell|sold|money|net)\w*)",
        rf"\b{_NGUOI} (?:\w+ )?(?:nuoc ngoai|ngoai quoc|ngoai nuoc|quoc te)\b|\btu nuoc ngoai\b",
        r"\bnn\b(?=.{0,12}\b(?:net|mua|ban|gom|xa|rong|nhom|nganh|bank|hom|tuan|thang|phien|voi|va)\b)"
        r"|(?:\+|,|&) ?nn\b",
    ),
    "whale": (
        rf"\b{_BIG} (?:\w+ )?(?:guys?|people|folks|players?|investors?|buyers?|sellers?|money|boys|fish"
        rf"|hands|dogs|shots"
        rf"|wallets?|traders?|accounts?|hitters?|cats)\b(?=.*\b{_TRADES}\b|.*\b(?:in|into|doing|up to|moving)\b)",
        rf"\b(?:suddenly|quietly|secretly|sneakily|silently|on the quiet|under the radar)\b.{{0,12}}\b{_TRADES}\b",
        rf"\b{_ODD} (?:\w+ )?(?:size|sizes|prints?|volumes?|trades?|trading|action|activity|buying|selling"
        rf"|turnover|orders?"
        r"|amounts?|deals?)\b",
        r"\b(?:trad\w+|volumes?|turnover|size|activity|deals?|orders?|prints?|changing hands)\b.{0,40}"
        r"\b(?:above|beyond|over|more than|higher than|bigger than|larger than|outside|out of|than)\b.{0,12}"
        r"\b(?:normal\w*|usual\w*|average|typical\w*|ordinary|norm|habit)\b",
        r"\b(?:trading values?|traded values?|turnover|volumes?|trading)\b.{0,40}\b(?:relative to|versus"
        r"|against|compared (?:to|with))\b"
        r".{0,16}\b(?:mean|average|median|norm|usual|day)\b",
        rf"\b(?:somebody|someone|anybody|anyone)\b.{{0,24}}\b{_TRADES}\b",
        r"\b(?:giao dich|khop|khoi luong|thanh khoan|vol|volume|lenh)\b.{0,30}\b(?:hon|vuot|gap|khac)\b.{0,16}"
        r"\b(?:binh thuong|thuong le|moi khi|trung binh|moi ngay|thuong ngay|bth)\b",
        rf"\b(?:dai gia|nguoi giau|nha giau|ke giau|tay to|ong lon|ong ke)\b.{{0,20}}\b{_MUA_BAN}\b",
        rf"\b(?:am tham|lang le|bi mat|kin dao|giau mat)\b.{{0,12}}\b{_MUA_BAN}\b|\bai\b.{{0,8}}\b(?:gom"
        rf"|xa|mua|om|hot|muc)\b",
    ),
    "credit_word": (
        r"\b(?:chenh lech|spreads?|bien do)\b.{0,40}\b(?:gian|noi rong|mo rong|rong ra|rong them|doang ra)\b",
        r"\b(?:credit|lending|funding|interbank|bond|money|debt) (?:markets?|lines?|conditions?)?\s*(?:\w+ ){0,2}?"
        r"(?:seiz\w+|freez\w+|froze|frozen|dr(?:y|ies|ied)(?: up)?|crunch\w*|squeez\w+|collaps\w+|locks? up"
        r"|blow\w* up|implod\w+|break\w* down|crack\w*)",
        r"\bspreads?\b.{0,12}\b(?:gap\w*|widen\w*|blow\w*|blew|jump\w*|spik\w*|explod\w*|surg\w*)\b",
        r"\b(?:companies|firms|borrowers|developers|banks)\b.{0,20}\b(?:can t|cannot|fail to|stop"
        r"|unable to)\b.{0,12}"
        r"\b(?:pay(?:ing)?(?: back)?|repay|lend(?:ing)?|borrow|refinanc\w+)\b",
        r"\b(?:tin dung|trai phieu|cho vay|lien ngan hang|von vay)\b.{0,16}"
        r"\b(?:dong bang|tac nghen|can kiet|dut gay|vo tran|te liet|khung hoang|nghen|do vo)\b",
        r"\b(?:cong ty|doanh nghiep|dn|chu dau tu)\b.{0,16}\b(?:khong tra duoc|mat kha nang tra"
        r"|khong tra noi|vo) no\b",
    ),
    "crash_word": (
        r"\b(?:things?|everything|it all|markets?|stocks) (?:go(?:es)?|went|turn\w*) (?:south|wrong|bad|ugly|sour"
        r"|belly up)\b|\b(?:moi thu|moi chuyen|tat ca) (?:ma )?(?:te|xau|hong|sup|toang)\b",
        r"\b\d+ ?(?:%|percent|pct|per cent) (?:\w+ ){0,2}(?:correction|drawdown|crash|sell ?off|slump"
        r"|plunge|rout|meltdown)\b",
    ),
    "rate_word": (
        rf"(?:^|\+) ?\d+ ?{_BP}\W*$",
        rf"\b\d+ ?{_BP}\b.{{0,16}}\b{_RATE_MOVE}\b|\b{_RATE_MOVE}\b.{{0,10}}\b\d+ ?{_BP}\b",
        rf"\b{_LOANS}\b.{{0,20}}\b(?:{_DEARER}|{_CHEAPER}|cost\w*)\b|\b(?:cost|price) of (?:{_LOANS}|money)\b",
        r"\b(?:ngan hang (?:my|trung uong|nha nuoc)|fed|nhnn|ngan hang tw)\b.{0,24}\b(?:tang|giam|ha|nang"
        r"|cat)\b.{0,6}\blai\b",
        r"\b(?:vay|lai vay|tien vay|vay von|vay tien)\b.{0,14}\b(?:mac|dat|re|dat hon|mac hon|re hon|kho hon)\b",
    ),
    "oil_word": (
        r"\b(?:petrol|gasoline|fuel|diesel|gas at the pump|pump prices?|a barrel)\b",
        r"\b(?:xang|xang dau|gia xang|dau tho|gia nhien lieu|nhien lieu)\b",
    ),
    "devalue_word": (
        r"\b(?:ty gia|ti gia|usd ?vnd|usd vnd|dong|vnd)\b.{0,30}\btruot\b",
        rf"\b{_HOME_MONEY}\b.{{0,24}}\b{_WORTH_LESS}\b",
        rf"\b(?:dollar|usd|greenback)\b.{{0,16}}\b(?:stronger|{_DEARER}|jump\w*|surg\w*|soar\w*|spik\w*)\b",
        rf"\b{_TIEN}\b.{{0,14}}\b(?:mat gia|rot gia|rot|yeu di|sut|giam gia|mat)\b",
        r"\b(?:do la|do|usd|dola)\b \b(?:len|tang|dat|mac|vot|leo)\b",
    ),
    "news_strong": (
        r"\b(?:papers?|press|media|journalists?|newspapers?|reporters?|headlines?|commentators?)\b.{0,16}"
        r"\b(?:writ\w+|say\w*|report\w*|think\w*|tell\w*|turn\w*|tone|mood|feel\w*|positive|negative|kind"
        r"|harsh|cheer\w*)\b",
        r"\b(?:good|bad|positive|negative) (?:press|news|headlines|coverage|publicity)\b"
        r"|\btone of (?:the )?(?:news|coverage|press)\b",
        r"\b(?:bao|bao chi|bao dai|truyen thong|mang xa hoi|du luan)\b.{0,14}\b(?:viet|noi|khen|che"
        r"|dua tin|danh gia|nhan xet|ban tan)\b",
        r"\b(?:diem tin|tin tuc|tin ve|luong tin|dong tin|nguon tin)\b|\bcua bao ve\b"
        r"|\bcam xuc\b.{0,12}\b(?:tin|nhom|nganh|thi truong|bao)\b"
        r"|\b(?:khen|che)\b.{0,8}\b(?:hay|voi|va|hoac)\b.{0,6}\b(?:khen|che)\b",
    ),
    "track": (
        r"\bhow (?:sure|certain|confident) (?:are|is|were) (?:you|it|the model)\b(?! (?:about|of|on|in)\b)"
        r"|\bare you (?:sure|certain|confident)\b(?! (?:about|of|on|in)\b)|\bban (?:co )?chac\b",
        r"\b(?:lan truoc|may lan truoc|hoi truoc|truoc day|dot truoc|thang truoc)\b.{0,12}\b(?:ban |no |may )?"
        r"(?:noi|bao|phan|doan|cham|khuyen)\b.{0,40}\b(?:that|dung|trung|chuan|sai)\b",
        r"\b(?:you|it|model) (?:said|called|predicted|told us|forecast)\b.{0,50}\b(?:really|actually"
        r"|did (?:it|they)"
        r"|happen\w*|come true|turn out)\b",
        r"\b(?:share|fraction|percent\w*|proportion|part|how many|number) of (?:your|the model s|these|those|past)"
        r" (?:\w+ )?(?:calls|picks|forecasts|predictions|signals|scores)\b",
        r"\byour (?:\w+ )?(?:ranges?|intervals?|bands?|error bars?)\b",
        r"\b(?:trustworth\w+|dependable|believable|credible)\b",
        r"\b(?:noi|xac suat|bao) \d+ ?%.{0,24}\bdung\b",
        r"\b(?:faith|trust|confidence|stock|weight|reliance)\b.{0,20}\b(?:put|place|have|give"
        r"|lay)\b.{0,10}\b(?:in|on|to)\b"
        r".{0,12}\b(?:number|figure|forecast|prediction|probabilit\w+|call|ranking|score|percentage|that|it)\b",
        r"\b(?:did|do|have|were|are|was|has) (?:you|it|the model|sectorvane"
        r"|your calls) (?:\w+ ){0,2}(?:get|got|gotten|been|be)?"
        r" ?(?:\w+ )?(?:right|wrong|correct|off)\b(?! now| away)",
        r"\bhow (?:much|many|often)\b.{0,16}\byou\b.{0,12}\b(?:right|wrong|correct)\b",
        r"\b(?:cover\w*|contain\w*|inside|within)\b.{0,24}\b(?:intervals?|ranges?"
        r"|bands?)\b.{0,30}\b(?:as often|promised|stated|claim\w*|really|actual\w*)\b"
        r"|\b(?:intervals?|ranges?|bands?)\b.{0,30}\b(?:cover\w*|calibrat\w*|hold up|too (?:narrow"
        r"|wide))\b|\bcalibrat\w+\b",
        r"\b(?:khoang|xac suat|du bao)\b.{0,30}\b(?:bao phu|hieu chinh|dung nhu)\b"
        r"|\bhieu chinh\b.{0,12}\b(?:xac suat|du bao|mo hinh)\b",
        r"\b(?:du bao|du doan|nhan dinh|goi y|xep hang)\b.{0,24}\b(?:truoc gio|truoc nay|xua nay|lau nay"
        r"|bao lau nay)\b.{0,16}"
        r"\b(?:dung|trung|chuan|sai|trat|truot)\b",
        r"\b(?:calls?|forecasts?|predictions?|guess\w*|picks?|percent)\b.{0,24}\b(?:come true|came true"
        r"|turn(?:ed)? out|of the time)\b",
        r"\bbetter than (?:guessing|chance|random|luck|a coin|flipping|throwing|tossing|a monkey)\b"
        r"|\bhow good (?:have you been|(?:are|were) you|is (?:sectorvane|th(?:e|is) model))\b",
        r"\b(?:ban|mo hinh|bot|he thong)\b.{0,6}\b(?:du bao|du doan)\b.{0,8}\btot\b.{0,6}\b(?:khong|ko|k|den dau"
        r"|co nao)\b",
        r"\b(?:do|can|does|did|have) (?:you|it|the model|your model|sectorvane) (?:really |ever )?(?:beat|beaten"
        r"|add anything to|improve on) (?:a )?(?:simple|plain|naive|pure|just|12-1) \w+",
        r"\b(?:ban|mo hinh|bot|he thong)\b.{0,14}\bgioi\b.{0,8}\b(?:khong|ko|k|den dau|the nao|co nao)\b",
        r"\b(?:information coefficient|rank ic|hit rates?|out of sample|brier|reliability diagram)\b",
        r"\b(?:tung dong xu|doan mo|may rui|ngoai mau|he so tuong quan hang)\b|\bic\b.{0,10}\b(?:thuc te"
        r"|du bao|tin hieu)\b",
        r"\b(?:kiem chung|ho so|lich su|so lieu)\b.{0,20}\b(?:tin hieu|du bao|bang diem|mo hinh)\b",
        r"\bnoi \d+ ?%.{0,14}\bdung\b|\b(?:doan|phan|cham|du bao)\b.{0,16}\b(?:chuan|trung|dung"
        r"|hon)\b.{0,12}\b(?:khong|ko|k|nhieu|may|bao nhieu|dong xu)\b",
    ),
    "forecast_strong": (
        r"\b(?:further|more|room|way|far|much|long way) (?:\w+ )?to (?:go|run|climb|fall|rise|gain)\b",
        r"\b(?:see|expect|think|likely|going|reckon|fancy)\b.{0,24}"
        r"\b(?:beat\w*|outperform\w*|outrun\w*|underperform\w*|lag\w*|do(?:ing)? better than)\b",
        r"\bcon\b.{0,18}\b(?:nua|tiep|cua|song|du dia)\b.{0,8}\b(?:khong|ko|k|hong|hem|hok|chang|kg)\b",
        r"\b(?:any|much|more) (?:\w+ )?(?:left|gas|juice|upside|fuel|legs|room)\b.{0,14}\b(?:left|in|for|to)\b",
    ),
    "search_strong": (
        r"\b(?:which|what|how many) (?:sectors?|industr\w+|groups?|stocks?|tickers?|markets?)\b.{0,24}"
        r"\b(?:do you|does (?:it|this|the)|can you|are (?:there|available|covered|supported|on offer))\b.{0,24}",
        r"\b(?:theo doi|phu|bao phu|bao gom|ho tro|co)\b.{0,10}\b(?:nhung|bao nhieu|cac|may) (?:nganh"
        r"|nhom|ma)\b.{0,8}(?:nao|gi|vay|the|$)",
    ),
    "health_strong": (
        r"\b(?:when|last time|how long ago|how often)\b.{0,40}\b(?:refresh\w*|updat\w*|fetch\w*|download\w*|pulled"
        r"|synced|loaded)\b",
        r"\b(?:lay|keo|tai|nap) (?:ve |du lieu |so lieu )?(?:luc nao|khi nao|hom nao|bao gio)\b",
        r"\b(?:sources?|series|feeds?|figures?|numbers?|releases?|data)\b.{0,30}\b(?:revised|revisions?"
        r"|restated|behind schedule|overdue)\b",
        r"\bcap nhat\b.{0,10}\b(?:luc nao|khi nao|bao gio|hom nao|ngay nao|luc may|chua|toi dau|den dau"
        r"|gan nhat|lan cuoi)\b"
        r"|\b(?:moi nhat|gan nhat|lan cuoi)\b.{0,8}\bcap nhat\b",
        r"\bnguon(?: tin| so lieu| du lieu)?\b.{0,20}\b(?:tre|cham|loi|thieu|hong|dut|ngung|cu)\b",
        r"\b(?:so|so lieu|du lieu|nguon|chuoi)\b.{0,20}\b(?:bi |duoc )?(?:chinh sua|sua lai"
        r"|dieu chinh lai|chinh lai)\b",
        r"\b(?:series|sources?|feeds?|tables?)\b.{0,24}\b(?:failed|fail|broke\w*|late|missing|missed"
        r"|not updat\w+|error\w*)\b",
        r"\b(?:feed|data|numbers?|prices?|figures?|database|db|dataset)\b.{0,24}\b(?:live|stale|fresh"
        r"|current|old|late|delayed"
        r"|up to date|broken|missing|complete|lagging)\b",
        r"\b(?:du lieu|so lieu|data|so|bang so)\b.{0,20}\b(?:tuoi|cu|moi|tre|thieu|loi|hong|day du"
        r"|cap nhat)\b.{0,10}"
        r"\b(?:khong|ko|k|chua|hong|gi|nao|den dau|toi dau)\b",
    ),
    "market": (
        r"\bhow (?:s|is|was|has|did|were)(?: (?:the|this|last|past|my))* (?:week|month|day|today|yesterday|session"
        r"|quarter)\b(?: (?:been|going|go|looking|look|turn out|so far))*\s*[?.]?\s*$",
        r"\b(?:anything|something|much|what)(?: \w+){0,2} (?:to|should) (?:be )?(?:worry|worried|fear|concerned"
        r"|nervous|afraid)\b",
        r"\b(?:any|anything|what|see)\b.{0,16}\b(?:red flags?|warning signs?|warning lights?|alarm bells?"
        r"|worrying|alarming|scary)\b",
        r"\bwhat(?: s| has| have| all)? (?:changed|happened|moved|shifted)\b(?! (?:to|with|at)\b)"
        r"|\bwhat s (?:new|different)\b",
        r"\bco gi (?:moi|dang lo|dang ngai|dang chu y|thay doi|xay ra|khac)\b",
        r"\b(?:whole|entire|overall) (?:thing|lot|board|show|exchange)\b|\b(?:shares|stocks) (?:overall"
        r"|in general|as a whole)\b"
        r"|\bmarket (?:as a whole|overall|in general)\b|\b(?:good|bad|rough|nice|great"
        r"|tough) (?:\w+ )?for (?:shares|stocks)\b",
        r"\b(?:nguyen|ca|toan bo) (?:cai )?(?:thi truong|cho|san|bang dien)\b|\bthi truong noi chung\b",
    ),
    "rotation": (
        r"\b(?:left behind|falling behind|fell behind|catching up|pulling ahead|gaining ground|losing ground"
        r"|coming back into favou?r|falling out of favou?r|out of fashion|in fashion|in favou?r)\b",
        r"\btien\b(?: \w+){0,2} (?:chay|di|do|chuyen|nam|vo|vao|ra|roi|rut)(?: \w+){0,2} (?:dau|nhom nao"
        r"|nganh nao|cho nao)\b",
    ),
    "backtest_strong": (
        r"\b(?:does|do|did|has|have|is|would|will)\b.{0,8}\b(?:momentum|mean reversion|buy and hold|rotation"
        r"|trend following|contrarian)\b.{0,24}\b(?:work\w*|pay\w*|beat\w*|win\w*|any good|profitable|better)\b",
        r"\bmua\b.{0,40}\b(?:hang thang|moi thang|hang quy|moi quy|deu dan)\b.{0,20}"
        r"\b(?:loi|lai|an|hieu qua|hon|thang)\b",
        rf"\b(?:if|suppose|say|imagine|assum\w+|had)\b.{{0,14}}\b(?:i|id|i d|we|you|someone|somebody|one"
        rf"|they)\b(?: (?:had|d|have|ve|just|only))*"
        rf" (?:{_HELD_PAST})\b.{{0,80}}\b(?:{_LONG_PAST})",
        r"\b(?:would|d) (?:i|we|you|it|that|they)? ?have (?:\w+ )?(?:made|earned|lost|returned|gained|got"
        r"|paid|done|been (?:up|down|worth))\b",
        r"\b(?:neu|gia su|gia nhu|phai chi|cu cho la)\b.{0,30}\b(?:mua|theo|cam|giu|nghe|lam theo|bam|om)\b.{0,40}"
        r"\b(?:tu (?:dau )?nam|suot|moi thang|hang thang|nam (?:ngoai|qua|truoc)|\d+ nam"
        r"|thang nao cung)\b.{0,30}\b(?:lai|loi|lo|duoc bao nhieu|con bao nhieu)\b",
    ),
    "backtest": (
        r"\b(?:does|do|did|would|has|have|is)\b.{0,12}\b(?:buying|owning|holding|switching|chasing"
        r"|picking|rotating)\b.{0,60}"
        r"\b(?:work\w*|pay\w*|make money|made money|beat\w*|profitable|any good|a good idea)\b",
        r"\b(?:qua|vua qua|tro lai|nam nay|lich su)\b.{0,24}\b(?:co )?(?:an|loi|lai)(?: duoc)? (?:k|ko"
        r"|khong|hong|hem|chua|bao nhieu)\b",
    ),
    "strategy_momentum": (
        rf"\b{_STRATEGY_BUY}\b.{{0,30}}\b(?:best|strongest|top|leading|hottest) (?:\w+ )?(?:sectors?"
        rf"|groups?|industr\w+|ones?|performers?|\d)\b",
        r"\b(?:duoi theo|chay theo|bam theo|om theo|theo duoi|danh theo)\b.{0,24}\b(?:manh|khoe|tang"
        r"|dan dau|tot|nong|hot)(?: nhat)?\b",
        rf"\b{_STRATEGY_BUY}\b.{{0,30}}\b(?:went up|gone up|going up|goes up|is up|rising|rose|risen"
        rf"|winners?|winning|climb\w*"
        r"|the strongest|best performers?|hottest|what s hot|rallied|rallying)\b",
        r"\bmua\b.{0,24}\b(?:vua tang|dang tang|tang manh|tang tot|dang khoe|dang manh|dang len|manh nhat"
        r"|khoe nhat)\b",
    ),
    "strategy_mean_reversion": (
        rf"\b{_STRATEGY_BUY}\b.{{0,30}}\b(?:worst|weakest|laggards?|bottom) (?:\w+ )?(?:sectors?|groups?"
        rf"|industr\w+|ones?|\d)\b",
        rf"\b{_STRATEGY_BUY}\b.{{0,30}}\b(?:fell|fallen|dropped|went down|going down|goes down|is down"
        rf"|losers?|losing|beaten (?:up|down)"
        r"|the weakest|worst performers?|crashed|got hit|red)\b",
        r"\bmua\b.{0,24}\b(?:vua giam|dang giam|giam manh|giam sau|rot manh|dang rot|yeu nhat|te nhat"
        r"|dang xuong)\b",
    ),
    "strategy_buy_and_hold": (
        r"\b(?:bought?|buy|own|put)\b.{0,40}\b(?:never (?:sold|sell|touch\w*)|held on|kept (?:it|them)"
        r"|keep (?:it|them)|forgot"
        r"|forget|left (?:it|them) alone|leave (?:it|them) alone|did nothing|do nothing|sat on|sit on"
        r"|and wait\w*)\b",
        r"\bmua\b.{0,24}\b(?:de do|de im|giu nguyen|khong ban|ko ban|k ban|cat ket|cat tu|bo do|om luon"
        r"|ngu quen)\b",
    ),
    "strategy_sector_rotation": (
        r"\b(?:follow\w*|listen\w* to|act\w* on|trad\w+|obey\w*) (?:\w+ ){0,2}(?:signals?|calls?"
        r"|rankings?|advice|recommendations?|picks?|scores?)\b"
        r"|\b(?:listened to|followed|obeyed) (?:you|it|the model|sectorvane)\b",
        r"\b(?:theo|nghe|lam theo)\b.{0,12}\b(?:tin hieu|xep hang|goi y|khuyen nghi|du bao)\b",
        r"\b(?:switch|rotat|chang|mov|hopp|jump)\w* (?:\w+ ){0,3}(?:between|among"
        r"|from) (?:\w+ ){0,2}(?:sectors?|industr\w+|groups?)\b",
        r"\b(?:doi|chuyen|nhay|xoay)\b.{0,10}\b(?:hoai|lien tuc|hang thang|moi thang|hang quy|moi quy)\b",
    ),
    "flow_strong": (
        r"\b(?:foreign|overseas|offshore) (?:\w+ )?(?:out|in)flows?\b"
        r"|\bwho (?:is|s|are|was|were|has been|have been|keeps?) (?:\w+ )?(?:buying|selling|dumping"
        r"|accumulating|adding to)\b"
        r"|\bwho (?:bought|sold|dumped)\b",
    ),
    "heatmap": (
        r"\b(?:beat\w*|ahead of|behind|outpac\w*|lagg\w*|trail\w*)\b.{0,12}\b(?:index|market|benchmark"
        r"|vnindex|vni)\b",
    ),
    "hypothetical": (
        rf"\b(?:with|as|now that)\b(?: \w+){{0,3}} {_DRIVERS_NAMED}\b(?: \w+){{0,3}} \w+ing\b",
        rf"\b{_DRIVERS_NAMED}(?: (?:are|is|s|keeps?|been|has|have))* \w+ing\b.{{0,24}}, ?(?:what|which|who|where)\b"
        r".{0,30}\b(?:own|buy|gain\w*|benefit\w*|avoid|hold|win\w*|los\w+|suffer\w*|hurt\w*)\b",
        r"\b(?:does|do|would|will|could|might|can)\b.{0,30}\b(?:recession|crash|crisis|downturn|hike|cut"
        r"|shock|devaluation)\b.{0,20}"
        r"\b(?:chang\w+|turn\w*|flip\w*|upset\w*|alter\w*|revers\w+|reshuffl\w+|shak\w+|hurt|hit|help"
        r"|sink|lift|break)\b",
        r"\b(?:impact|effects?|consequences?|fallout)$|^(?:impact|effects?) of\b",
    ),
    "hold_strong": (
        r"\b(?:be|stay|go|sit|move|get|all) (?:\w+ )?in(?:to)? cash\b|\bcash or (?:stocks|shares|equities)\b"
        r"|\b(?:cam|giu|om) tien mat\b|\bra (?:het )?hang cam tien\b",
        r"\bwhat (?:would|should|could|do) (?:you|i|we|one) do with\b.{0,30}\b(?:\d|money|cash|savings"
        r"|bonus|million|billion)",
        r"\b(?:got|have|with|of) (?:\w+ )?\d[\d.,]* ?(?:k|m|bn|million|billion|grand"
        r"|dollars)?\b.{0,20}\bto (?:invest|put|deploy|allocate|place|spread|work)\b",
        r"\b(?:co|voi|cam) (?:khoang )?\d[\d.,]* ?(?:ty|trieu|nghin do|ngan do)\b.{0,24}\b(?:chia|phan bo"
        r"|dau tu|bo vao|lam gi|mua gi|vao (?:dau|gi|nhom))\b",
    ),
    "up": (
        r"\b(?:through|past|into) the (?:roof|ceiling|stratosphere|sky)\b|\bto the moon\b|\bsky ?high\b",
        r"\b(?:bom|cong|them)\b.{0,8}\b(?:lai|\d)",
        rf"\b{_DEARER}\b",
        r"\b(?:mac|dat do|mac mo|dat hon|mac hon|gap ruoi)\b",
    ),
    "down": (
        r"\boff (?:\w+ ){0,3}(?:rates?|yields?|borrowing costs?)\b|\b(?:rates?|yields?|oil|crude|dong"
        r"|dollar)\b(?: \w+){0,2} off\b",
        rf"\b{_CHEAPER}\b",
        r"\b(?:re hon|re di|re re)\b",
    ),
}
