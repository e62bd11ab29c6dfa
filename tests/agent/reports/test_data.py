"""What a report shows beside the brief comes from its run record, or is left out."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.brief.model import PlanEntry
from agent.commands.answer import Answering, run
from agent.conversation import Conversation
from agent.records import delete_records, load_record
from agent.reports import figures
from agent.reports.data import NO_DATA, data_of, report_data
from agent.reports.grid import flow_facts, grid
from agent.reports.page import as_html
from agent.settings import load_settings
from agent.terminal.output import save
from tests.agent.brief import requests
from tests.agent.reports.briefs import answers, made, record, report
from tests.markets import write_market
from tools.errors import UnusableInputError
from tools.outlook import get_sector_rotation

if TYPE_CHECKING:
    from pathlib import Path

    from agent.settings import Settings

AS_OF = date(2022, 3, 1)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("tails", "record", "bins", "calls", "from_edge", "n", "rate", "8300")),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_market(tmp_path_factory.mktemp("market") / "toy")


def toy(home: Path, folder: Path) -> Settings:
    flags = {"market": f"folder:{folder}", "as_of": AS_OF, "home": home}
    return load_settings(flags, {}, home)


class TestCommand:
    def test_a_question_is_saved_as_a_page(
        self, tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = tmp_path / "brief.html"
        question = "Where do sectors stand in their rotation?"
        assert run(question, toy(tmp_path, folder), Answering(out=out)) == 0
        assert capsys.readouterr().out.startswith("# ")
        assert 'data-figure="rotation"' in out.read_text(encoding="utf-8")

    def test_an_answer_that_makes_no_image_is_shown_all_the_same(
        self, tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        pytest.importorskip("matplotlib", reason="Matplotlib is not installed")
        out = tmp_path / "brief.png"
        with pytest.raises(UnusableInputError, match="an answer with a heatmap"):
            run("What is the macro picture?", toy(tmp_path, folder), Answering(out=out))
        assert capsys.readouterr().out.startswith("# ")
        assert not out.exists()


class TestFlowWindow:
    def test_foreign_flow_is_shown_over_the_window_of_the_markdown(self) -> None:
        base = requests.request_of()
        flow = {
            key.replace(".1M", ".1W"): fact.model_copy(
                update={"id": key.replace(".1M", ".1W"), "period": "1W"}
            )
            for key, fact in base.facts.items()
            if fact.metric == "foreign_net_ratio" and fact.period == "1M"
        }
        asked = PlanEntry(tool="get_sector_heatmap", arguments={"timeframe": "1W"})
        one = made(base.model_copy(update={"facts": {**base.facts, **flow}, "plan": (asked,)}))
        shown = grid(one.brief, one.data)
        assert flow
        assert "Foreign 1W" in one.brief.markdown
        assert shown is not None
        assert shown.columns[-1].heading == "Foreign 1W"
        assert {fact.period for fact in flow_facts(one.brief, one.data)} == {"1W"}


class TestNames:
    def test_names_are_in_the_language_of_the_brief(self) -> None:
        assert report("vi").data.names["8300"] == "Ngân hàng"
        assert report("en").data.names["8300"] == "Banks"

    def test_what_the_market_does_not_name_has_no_name(self) -> None:
        request = requests.request_of(facts=requests.only(requests.fact("XYZ.return.1M", 0.1)))
        assert "XYZ" not in made(request).data.names


class TestGathered:
    def test_tails_are_those_the_tool_answered(self) -> None:
        one = report()
        told = answers(["8300"])["get_sector_rotation"]["tails"]["8300"]
        assert one.data.rotation is not None
        points = one.data.rotation.tails["8300"]
        assert [point.model_dump() for point in points] == told

    def test_sectors_outside_the_scorecard_have_no_tail(self) -> None:
        card = requests.scorecard()
        kept = card.model_copy(update={"sectors": card.sectors[:2]})
        one = report(scorecard=kept)
        assert one.data.rotation is not None
        assert set(one.data.rotation.tails) == {"8300", "7500"}

    def test_the_record_of_another_horizon_is_left_out(self) -> None:
        other = {"get_sector_forecast": {"horizon": "3M", "record": record()}}
        assert made(requests.request_of(answers=other)).data.calibration is None

    def test_an_explanation_brings_the_record_too(self) -> None:
        told = {"explain_sector": {"horizon": "1M", "record": record()}}
        found = made(requests.request_of(answers=told)).data.calibration
        assert found is not None
        assert [one.from_edge for one in found.bins] == [0.0076, 0.0228, 0.0415]

    def test_an_empty_record_is_no_calibration_chart(self) -> None:
        empty: dict[str, Any] = {**record(), "calls": None, "bins": ()}
        told = {"get_sector_forecast": {"horizon": "1M", "record": empty}}
        one = made(requests.request_of(answers=told))
        assert 'id="calibration"' not in as_html(one.brief, one.data)

    @given(rotation=ANYTHING, forecast=ANYTHING)
    def test_no_answer_of_a_tool_keeps_a_report_from_being_made(
        self, rotation: Any, forecast: Any
    ) -> None:
        told = {
            "get_sector_rotation": {"tails": rotation},
            "get_sector_forecast": {"horizon": "1M", "record": forecast},
        }
        request = requests.request_of()
        one = made(request)
        data = report_data(one.brief, request.model_copy(update={"answers": told}))
        json.dumps(figures.rotation(data.rotation), allow_nan=False)
        json.dumps(figures.calibration(data.calibration), allow_nan=False)


class TestConversation:
    async def test_a_question_becomes_a_page_and_so_does_its_record(
        self, tmp_path: Path, folder: Path
    ) -> None:
        async with Conversation(toy(tmp_path, folder)) as conversation:
            assert data_of(conversation) == NO_DATA
            brief = await conversation.ask("Rank the sectors")
            data = data_of(conversation)
            tails = get_sector_rotation(conversation.desk).tails
            conversation.record = None
            kept = data_of(conversation)
            delete_records(tmp_path, conversation.thread_id)
            assert data_of(conversation) == NO_DATA
        assert data.rotation is not None
        assert {code: len(points) for code, points in data.rotation.tails.items()} == {
            code: len(points) for code, points in tails.items()
        }
        assert kept.names == data.names
        assert kept.calibration == data.calibration
        save(brief, tmp_path / "brief.html", data)
        written = (tmp_path / "brief.html").read_text(encoding="utf-8")
        assert written == as_html(brief, data)

    async def test_a_record_read_again_makes_the_same_page(
        self, tmp_path: Path, folder: Path
    ) -> None:
        async with Conversation(toy(tmp_path, folder)) as conversation:
            brief = await conversation.ask("Where do sectors stand in their rotation?")
            page = as_html(brief, data_of(conversation))
        again = load_record(tmp_path, brief.run_id)
        assert as_html(again.brief, report_data(again.brief, again.request)) == page
