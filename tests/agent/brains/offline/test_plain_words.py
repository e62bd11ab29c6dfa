"""Shocks, flows, records and holdings told in words that name them only by what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tools.stress.scenarios import shock_of

if TYPE_CHECKING:
    from agent.brains.base import PlanDraft


def arguments(draft: PlanDraft, tool: str) -> list[dict[str, Any]]:
    return [dict(call.arguments) for call in draft.calls if call.tool == tool]


def shock(scenario: str, magnitude: float | None = None, unit: str = "") -> dict[str, Any]:
    sized = {"magnitude": magnitude, "unit": unit} if magnitude is not None else {}
    return {"scenario": scenario} | sized


def test_a_word_that_runs_into_a_period_is_no_period(ask: Any) -> None:
    assert ask("Ngành nào dẫn đầu tháng tới?").notes == ()
    assert any("đầu tháng" in note for note in ask("Từ đầu tháng ngành nào tăng mạnh?").notes)


@pytest.mark.parametrize(
    ("question", "supposed"),
    [
        (
            "Which sectors will lead next month, and what if oil goes to 90 dollars?",
            shock("oil_shock", 90, "level"),
        ),
        (
            "ngành nào dẫn đầu tháng tới và nếu lãi suất tăng 50 điểm thì sao",
            shock("rate_hike", 50, "bp"),
        ),
    ],
)
def test_what_is_asked_before_a_supposition_is_answered_too(
    ask: Any, question: str, supposed: dict[str, Any]
) -> None:
    draft = ask(question)
    assert arguments(draft, "run_scenario") == [supposed]
    assert arguments(draft, "get_sector_forecast") == [{"horizon": "1M"}]


def test_sectors_that_suffer_from_a_supposition_are_one_question(ask: Any) -> None:
    draft = ask("which sectors suffer if rates rise 50bp")
    assert [call.tool for call in draft.calls] == ["run_scenario"]


def test_a_drawdown_that_is_asked_for_is_no_crash(ask: Any) -> None:
    assert arguments(ask("what is the drawdown of steel"), "run_scenario") == []


class TestShocks:
    @pytest.mark.parametrize(
        ("question", "expected"),
        [
            ("200bp hike", shock("rate_hike", 200, "bp")),
            ("how would a 50 bp cut hit real estate", shock("rate_cut", 50, "bp")),
            ("half a percentage point off interest rates, who gains?", shock("rate_cut", 50, "bp")),
            ("tăng 25 điểm cơ bản thì nhóm nào đau", shock("rate_hike", 25, "bp")),
            ("NHNN bớt 0,5 điểm phần trăm lãi suất thì bđs sao", shock("rate_cut", 50, "bp")),
            ("+50bp", shock("rate_hike", 50, "bp")),
            ("lãi suất tăng 25 điểm thì sao", shock("rate_hike", 25, "bp")),
            ("cắt lãi suất 2 lần thì sao", shock("rate_cut")),
            ("rate rise?", shock("rate_hike")),
            ("rate cut impact", shock("rate_cut")),
            ("Should I worry about a market crash?", shock("market_crash")),
        ],
    )
    def test_basis_points_a_move_of_rates_and_a_fear_are_scenarios(
        self, ask: Any, question: str, expected: dict[str, Any]
    ) -> None:
        assert arguments(ask(question), "run_scenario") == [expected]

    @pytest.mark.parametrize(
        ("question", "expected"),
        [
            ("suppose brent goes through the roof, which sectors win?", shock("oil_shock")),
            (
                "tỷ giá hôm nay, trượt thêm 5% thì sao",
                shock("currency_devaluation", 5, "percent"),
            ),
            ("oil crash", shock("oil_shock", -30, "percent")),
            ("what does a weaker dollar do", shock("currency_devaluation", -5, "percent")),
            ("What if the dollar weakens 5%?", shock("currency_devaluation", -5, "percent")),
            ("dong loses 5% against the dollar", shock("currency_devaluation", 5, "percent")),
            ("what if oil goes to $120", shock("oil_shock", 120, "level")),
            ("oil up $10", shock("oil_shock", 10, "currency")),
            ("what if crude drops by 15 dollars", shock("oil_shock", -15, "currency")),
            ("what if crude sinks by a third", shock("oil_shock", -33.3, "percent")),
            ("the market loses a quarter, who holds up", shock("market_crash", 25, "percent")),
            ("safest sector if things go south", shock("market_crash")),
            (
                "with the dong sliding, which sectors should I avoid",
                shock("currency_devaluation"),
            ),
            ("what if spreads widen by 150bp", shock("credit_stress", 150, "bp")),
            (
                "Stress test: chênh lệch lợi suất trái phiếu giãn 100bp",
                shock("credit_stress", 100, "bp"),
            ),
            ("nếu vnindex thủng 10% thì nhóm nào trụ", shock("market_crash", 10, "percent")),
            ("giá dầu bao nhiêu rồi, nó vọt thêm 20% thì sao", shock("oil_shock", 20, "percent")),
        ],
    )
    def test_a_move_is_one_whatever_its_verb(
        self, ask: Any, question: str, expected: dict[str, Any]
    ) -> None:
        assert arguments(ask(question), "run_scenario") == [expected]

    @pytest.mark.parametrize(
        ("question", "expected"),
        [
            (
                "effect on sectors of (a) a 25 bp cut, (b) oil up 10%",
                [shock("rate_cut", 25, "bp"), shock("oil_shock", 10, "percent")],
            ),
            (
                "recession and the market falling 10%",
                [shock("recession"), shock("market_crash", 10, "percent")],
            ),
            (
                "oil up 20% and the dong down 3%",
                [shock("oil_shock", 20, "percent"), shock("currency_devaluation", 3, "percent")],
            ),
            (
                "dầu vọt 15% còn vnindex thủng 8% thì sao",
                [shock("oil_shock", 15, "percent"), shock("market_crash", 8, "percent")],
            ),
        ],
    )
    def test_two_shocks_keep_each_their_own_size(
        self, ask: Any, question: str, expected: list[dict[str, Any]]
    ) -> None:
        assert arguments(ask(question), "run_scenario") == expected

    def test_a_question_of_its_own_behind_a_ranking_is_asked_too(self, askers: Any) -> None:
        draft = askers["us"]("who leads, who lags, does a recession turn the picture upside down?")
        assert arguments(draft, "run_scenario") == [shock("recession")]
        assert arguments(draft, "get_sector_rotation")

    def test_the_figure_and_its_move_are_both_answered(self, ask: Any) -> None:
        draft = ask("gia dau gio may do va no vot them 30% thi nhom dau khi duoc bao nhieu")
        assert arguments(draft, "run_scenario") == [shock("oil_shock", 30, "percent")]
        assert arguments(draft, "get_macro_indicators") == [{"indicator_list": ["OIL"]}]

    def test_the_basis_points_of_a_fee_are_no_move_of_rates(self, ask: Any) -> None:
        draft = ask("fees are 30bp a trade, does momentum still pay over 5 years")
        assert arguments(draft, "run_scenario") == []
        assert arguments(draft, "run_backtest")[0]["costs_bp"] == 30


class TestPast:
    @pytest.mark.parametrize(
        ("question", "expected"),
        [
            (
                "Suppose I had bought the worst sectors each month, for one year, paying 25bp per trade.",
                {"strategy": "mean_reversion", "lookback": "1Y", "costs_bp": 25.0},
            ),
            (
                "if I'd followed your signals every month for the last yr what would i have made, net of 30 bps",
                {"strategy": "sector_rotation", "lookback": "1Y", "costs_bp": 30.0},
            ),
            (
                "Đuổi theo ngành mạnh nhất mỗi tháng, phí 0,05% mỗi lần mua bán, kết quả năm năm?",
                {"strategy": "momentum", "lookback": "5Y", "costs_bp": 5.0},
            ),
            ("does momentum work here", {"strategy": "momentum", "lookback": "3Y"}),
            (
                "mua ngành mạnh nhất hàng tháng có lời không",
                {"strategy": "momentum", "lookback": "3Y"},
            ),
            (
                "if you'd put money in the laggards each quarter for five years?",
                {"strategy": "mean_reversion", "lookback": "5Y"},
            ),
        ],
    )
    def test_what_somebody_would_have_made_is_a_back_test(
        self, ask: Any, question: str, expected: dict[str, Any]
    ) -> None:
        assert arguments(ask(question), "run_backtest") == [expected]


class TestTellingApart:
    @pytest.mark.parametrize(
        ("question", "tool", "expected"),
        [
            ("biggest foreign outflow, 1 mth", "get_foreign_flow", {"timeframe": "1M"}),
            ("who is buying banks", "get_foreign_flow", {"timeframe": "1W", "sector": "8300"}),
            (
                "giao dịch khối lớn của nhóm BĐS trong tuần",
                "get_whale_activity",
                {"timeframe": "1W", "sector": "8600"},
            ),
            (
                "anything odd in the trading of brokers this week?",
                "get_whale_activity",
                {"timeframe": "1W", "sector": "8700"},
            ),
        ],
    )
    def test_flows_and_large_trades_are_known_by_who_trades(
        self, ask: Any, question: str, tool: str, expected: dict[str, Any]
    ) -> None:
        assert arguments(ask(question), tool) == [expected]

    @pytest.mark.parametrize(
        ("question", "symbol"),
        [
            ("Is ACB in an uptrend", "ACB"),
            ("HPG uptrend or downtrend", "HPG"),
            ("I own 500 VCB, how does it look", "VCB"),
            ("em đang giữ 2000 cổ HPG giờ sao rồi ạ", "HPG"),
            ("mua 500 FPT giá 100 rồi, giờ giữ hay bán", "FPT"),
        ],
    )
    def test_a_share_somebody_asks_about_or_holds_is_looked_at(
        self, ask: Any, question: str, symbol: str
    ) -> None:
        assert arguments(ask(question), "get_stock_analysis") == [{"symbol": symbol}]

    @pytest.mark.parametrize("question", ["bán 2000 cổ HPG giùm em", "sell my 2000 HPG shares"])
    def test_an_order_stays_an_order(self, ask: Any, question: str) -> None:
        assert ask(question).intent == "out_of_scope"

    @pytest.mark.parametrize(
        "question",
        [
            "how much did you get right last year",
            "Khoảng dự báo khung tuần có bao phủ đúng như công bố không, hiệu chỉnh xác suất ra sao?",
            "dự báo của bạn trước giờ đúng không",
            "how trustworthy is that percentage",
            "you said steel would rise, did it really?",
            "are you sure?",
        ],
    )
    def test_how_right_the_model_was_is_its_record(self, ask: Any, question: str) -> None:
        assert ask(question).intent == "track"

    @pytest.mark.parametrize(
        "question",
        [
            "cập nhật lúc nào",
            "Nguồn nào đang trễ hoặc có số bị chỉnh sửa lại không?",
            "which numbers were revised lately",
            "When was the last time prices were refreshed?",
        ],
    )
    def test_late_and_revised_sources_are_the_state_of_the_data(
        self, ask: Any, question: str
    ) -> None:
        assert ask(question).intent == "health"

    @pytest.mark.parametrize(
        ("question", "window"),
        [
            ("tuần này thế nào", "1W"),
            ("what changed since yesterday", "1D"),
            ("any red flags?", "1D"),
            ("how's the week been", "1W"),
        ],
    )
    def test_a_question_of_nothing_in_particular_is_about_the_market(
        self, ask: Any, question: str, window: str
    ) -> None:
        assert arguments(ask(question), "get_market_overview") == [{"timeframe": window}]

    @pytest.mark.parametrize(
        "question",
        [
            "what would you do with 1 billion dong",
            "có 2 tỷ thì nên chia vào ngành nào",
            "should I be in cash",
        ],
    )
    def test_money_to_invest_is_no_exchange_rate(self, ask: Any, question: str) -> None:
        draft = ask(question)
        assert draft.intent == "portfolio"
        assert arguments(draft, "get_macro_indicators") == []

    @pytest.mark.parametrize(
        "question",
        [
            "Chung cư Thủ Đức giờ bao nhiêu một mét vuông?",
            "vn30f1m mai mở vị thế long hay short",
            "price per square metre in Hanoi",
        ],
    )
    def test_homes_and_futures_are_not_held(self, ask: Any, question: str) -> None:
        draft = ask(question)
        assert (draft.intent, draft.calls) == ("out_of_scope", ())

    def test_a_forecast_behind_a_flow_is_not_lost(self, askers: Any) -> None:
        draft = askers["id"]("Tài chính Indonesia: nước ngoài mua bán tháng này, dự báo tháng tới?")
        assert arguments(draft, "get_foreign_flow") == [{"timeframe": "1M", "sector": "E"}]
        assert arguments(draft, "get_sector_forecast") == [{"horizon": "1M"}]

    def test_beating_the_index_is_asked_of_the_sector(self, ask: Any) -> None:
        draft = ask("is retail beating the index this month")
        assert arguments(draft, "get_sector_heatmap") == [{"period": "monthly"}]


@pytest.mark.parametrize(
    "name", ["dev", "hands", "hands2", "hands5", "hands6", "hands9", "hands10"]
)
def test_every_size_that_is_planned_makes_sense_to_its_tool(
    askers: Any, rows: Any, name: str
) -> None:
    for row in rows(name):
        draft = askers[row["market"]](row["question"], *row.get("history", ()))
        for told in arguments(draft, "run_scenario"):
            shock_of(told["scenario"], told.get("magnitude"), told.get("unit"))
