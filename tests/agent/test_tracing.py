"""A run's timeline, and the same as OpenTelemetry spans in an exporter that keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from agent.brains.base import PlanDraft, PlannedCall
from agent.brief.model import Brief, BriefMarket, Usage
from agent.errors import MissingKeyError, ModelDownError
from agent.tracing import TimedBrain, Timeline, as_lines, export_spans, finish, set_up_exporter
from tests.fakes import AS_OF, Clock, ScriptedBrain

if TYPE_CHECKING:
    from collections.abc import Iterator

PRIVATE = "a question nobody else may read"


def brief() -> Brief:
    return Brief(
        run_id="r", thread_id="t", question=PRIVATE, language="en", intent="flow", horizon="1M",
        market=BriefMarket(id="toy", name="Toy", as_of=AS_OF, benchmark="TOY", simulated=False),
        usage=Usage(brain="openai", model="m", model_calls=1, input_tokens=70, output_tokens=9),
    )  # fmt: skip


async def a_run() -> tuple[Timeline, list[str]]:
    """Go through the events of a run of three seconds, its model down when it should write."""
    clock, heard = Clock(), []
    timeline = Timeline(lambda event, _details: heard.append(event), clock)
    plan = PlanDraft(
        intent="flow", calls=(PlannedCall(tool="get_foreign_flow"),),
        model_calls=1, input_tokens=70, output_tokens=9,
    )  # fmt: skip
    scripted = ScriptedBrain([plan], [ModelDownError("down")])
    brain = TimedBrain(scripted, timeline)
    request: Any = None
    await brain.plan(request)
    clock.seconds = 1.0
    timeline("plan", {"calls": [{}]})
    clock.seconds = 2.0
    timeline("call", {"tool": "get_foreign_flow", "status": "ok", "ms": 750.0})
    timeline("call", {"tool": "get_whale_activity", "status": "failed", "ms": 250.0})
    timeline("compose", {"repair": False})
    with pytest.raises(ModelDownError):
        await brain.compose(request)
    clock.seconds = 3.0
    timeline("review", {"problems": []})
    return timeline, heard


async def test_a_timeline_passes_every_event_on_and_knows_when_each_step_was() -> None:
    timeline, heard = await a_run()
    assert heard == ["plan", "call", "call", "compose", "review"]
    run = finish(timeline, brief())
    steps = {(step.kind, step.name): step for step in run.steps}
    assert steps["run", "run"].ms == 3000.0
    assert (steps["plan", "plan"].start, steps["plan", "plan"].end) == (0.0, 1.0)
    assert steps["tool", "get_foreign_flow"].start == 1.25
    assert steps["tool", "get_whale_activity"].status == "failed"
    assert steps["model", "compose"].status == "failed"
    assert (steps["review", "review"].start, steps["review", "review"].end) == (2.0, 3.0)


async def test_the_timeline_is_a_line_a_step() -> None:
    timeline, _ = await a_run()
    run = finish(timeline, brief())
    lines = as_lines(run)
    assert len(lines) == len(run.steps)
    assert all("|" in line and "█" in line and "ms" in line for line in lines)
    assert "failed" in next(line for line in lines if "get_whale_activity" in line)


class TestSpans:
    @pytest.fixture
    def exported(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
        """Keep spans in memory, with a provider of the test's own."""
        pytest.importorskip("opentelemetry.sdk", reason="the SDK of OpenTelemetry is not installed")
        from opentelemetry import trace
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import SimpleSpanProcessor
        from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

        exporter, provider = InMemorySpanExporter(), TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
        yield exporter
        provider.shutdown()

    async def test_a_run_is_one_trace_with_its_tools_and_model_calls(self, exported: Any) -> None:
        timeline, _ = await a_run()
        export_spans(finish(timeline, brief()))
        spans = {span.name: span for span in exported.get_finished_spans()}
        root = spans["invoke_agent sectorvane"]
        assert {span.context.trace_id for span in spans.values()} == {root.context.trace_id}
        assert root.attributes["gen_ai.conversation.id"] == "t"
        assert root.attributes["gen_ai.usage.input_tokens"] == 70
        tool = spans["execute_tool get_foreign_flow"]
        assert tool.parent.span_id == root.context.span_id
        assert tool.attributes["gen_ai.operation.name"] == "execute_tool"
        assert tool.end_time - tool.start_time == 750_000_000
        assert not spans["execute_tool get_whale_activity"].status.is_ok
        chats = [s for s in exported.get_finished_spans() if s.name == "chat scripted"]
        assert [chat.attributes["gen_ai.usage.output_tokens"] for chat in chats] == [9, 0]
        assert {"plan", "review"} <= set(spans)

    async def test_no_span_holds_content(self, exported: Any) -> None:
        timeline, _ = await a_run()
        export_spans(finish(timeline, brief()))
        assert PRIVATE not in "".join(span.to_json() for span in exported.get_finished_spans())


async def test_without_an_exporter_a_run_tells_nobody() -> None:
    timeline, _ = await a_run()
    export_spans(finish(timeline, brief()))


@pytest.mark.parametrize("environ", [{}, {"OTEL_TRACES_EXPORTER": "none"}])
def test_nothing_is_set_up_where_nothing_is_wanted(environ: dict[str, str]) -> None:
    set_up_exporter(environ)


def test_a_missing_exporter_is_one_plain_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(MissingKeyError, match="sectorvane"):
        set_up_exporter({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"})
