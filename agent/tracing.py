"""A run as a timeline: for the terminal, and as OpenTelemetry spans where an exporter is set up.

The events of a run are collected while it goes and told when it is over, so tracing can neither slow
a run nor stop it. Spans follow the conventions for generative AI and hold names, counts and times;
no question, no argument and no answer.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from agent.errors import CannotAnswerError, MissingKeyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from agent.brains.base import Brain, ComposeRequest, Draft, PlanDraft, PlanRequest, Progress
    from agent.brief.model import Brief

Kind = Literal["run", "plan", "tool", "score", "compose", "review", "model"]
INSTRUMENTATION = "sectorvane"
PROVIDER_ENVIRONMENT = (
    "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_TRACES_EXPORTER",
)  # fmt: skip
"""Variables of which one says that traces are wanted."""
_OTLP = "opentelemetry.exporter.otlp.proto.http.trace_exporter"
_NANO = 1_000_000_000
_BAR = 32


@dataclass(frozen=True, kw_only=True)
class Step:
    """One stretch of a run, in seconds since it began."""

    kind: Kind
    name: str
    start: float
    end: float
    status: str = "ok"
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ms(self) -> float:
        """How long it took."""
        return (self.end - self.start) * 1000.0


class Timeline:
    """Collects the steps of one run from its events, and passes every event on."""

    def __init__(self, progress: Progress, clock: Callable[[], float]) -> None:
        self._progress = progress
        self._clock = clock
        self._started = clock()
        self._wall_ns = time.time_ns()
        self._mark = 0.0
        self._composing = 0.0
        self.steps: list[Step] = []

    @property
    def began_ns(self) -> int:
        """When the run began, in nanoseconds of the epoch."""
        return self._wall_ns

    def now(self) -> float:
        """Return the seconds since the run began."""
        return self._clock() - self._started

    def __call__(self, event: str, details: dict[str, Any]) -> None:
        """Take an event in and pass it on."""
        now = self.now()
        if event == "plan":
            self._add("plan", "plan", now, {"calls": len(details["calls"])})
        elif event == "plan_more":
            self._add("plan", "plan_more", now, {"calls": 1})
        elif event == "call":
            took = details["ms"] / 1000.0
            self._add("tool", details["tool"], now, {}, start=now - took, status=details["status"])
        elif event == "score":
            self._add("score", "score", now, {"model": details["model"] or ""})
        elif event == "compose":
            self._mark = now
        elif event == "review":
            self._add("review", "review", now, {"problems": len(details["problems"])})
        self._progress(event, details)

    def model_call(self, name: str, start: float, draft: PlanDraft | Draft, model: str) -> None:
        """Add what a brain did with a language model."""
        used = {
            "model": model,
            "calls": draft.model_calls,
            "input_tokens": draft.input_tokens,
            "output_tokens": draft.output_tokens,
        }
        self.steps.append(
            Step(kind="model", name=name, start=start, end=self.now(), attributes=used)
        )

    @contextmanager
    def failing_from(self, start: float, name: str, model: str | None) -> Iterator[None]:
        """Add what was asked of a language model in vain, and let the error go on."""
        try:
            yield
        except CannotAnswerError:
            if model is not None:
                used = {"model": model, "calls": 1, "input_tokens": 0, "output_tokens": 0}
                end = self.now()
                self.steps.append(
                    Step(
                        kind="model",
                        name=name,
                        start=start,
                        end=end,
                        status="failed",
                        attributes=used,
                    )
                )
            raise

    def composed(self, start: float) -> None:
        """Add a draft that was written."""
        self._add("compose", "compose", self.now(), {}, start=start)

    def _add(
        self,
        kind: Kind,
        name: str,
        end: float,
        attributes: Mapping[str, Any],
        *,
        start: float | None = None,
        status: str = "ok",
    ) -> None:
        begun = self._mark if start is None else start
        self.steps.append(
            Step(kind=kind, name=name, start=begun, end=end, status=status, attributes=attributes)
        )
        self._mark = end


class TimedBrain:
    """A brain whose work is put on a timeline; everything else is the brain's own."""

    def __init__(self, brain: Brain, timeline: Timeline) -> None:
        self._brain = brain
        self._timeline = timeline
        self.name = brain.name
        self.model = brain.model

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the brain has
        """Return what only the brain itself has."""
        return getattr(self._brain, name)

    async def plan(self, request: PlanRequest, *, progress: Progress | None = None) -> PlanDraft:
        """Plan, timed."""
        start = self._timeline.now()
        with self._timeline.failing_from(start, "plan", self.model):
            draft = await self._brain.plan(request, progress=progress)
        if self.model is not None:
            self._timeline.model_call("plan", start, draft, self.model)
        return draft

    async def compose(
        self,
        request: ComposeRequest,
        *,
        problems: tuple[str, ...] = (),
        progress: Progress | None = None,
    ) -> Draft:
        """Write, timed."""
        start = self._timeline.now()
        with self._timeline.failing_from(start, "compose", self.model):
            draft = await self._brain.compose(request, problems=problems, progress=progress)
        if self.model is not None:
            self._timeline.model_call("compose", start, draft, self.model)
        self._timeline.composed(start)
        return draft


class Finished(NamedTuple):
    """A run that is over."""

    brief: Brief
    steps: tuple[Step, ...]
    began_ns: int


def finish(timeline: Timeline, brief: Brief) -> Finished:
    """Close a run's timeline, its steps in the order in which they began."""
    whole = Step(kind="run", name="run", start=0.0, end=timeline.now())
    steps = sorted(timeline.steps, key=lambda step: (step.start, step.end))
    return Finished(brief, (whole, *steps), timeline.began_ns)


def as_lines(run: Finished) -> list[str]:
    """Return a run's timeline as text: a line a step, with a bar where it lay in the run."""
    whole = run.steps[0].end or 1e-9
    width = max(len(step.name) for step in run.steps) + 2
    return [_line(step, whole, width) for step in run.steps]


def _line(step: Step, whole: float, width: int) -> str:
    begin = min(_BAR - 1, int(step.start / whole * _BAR))
    length = max(1, round((step.end - step.start) / whole * _BAR))
    bar = (" " * begin + "█" * length)[:_BAR].ljust(_BAR)
    indent = "" if step.kind == "run" else "  "
    told = ", ".join(f"{name}={value}" for name, value in step.attributes.items() if value != "")
    parts = [step.status] * (step.status != "ok") + [told] * bool(told)
    return (
        f"{indent}{step.name:<{width - len(indent)}} |{bar}| {step.start * 1000:7.0f} ms "
        f"+{step.ms:6.0f} ms  {'; '.join(parts)}"
    ).rstrip()


def export_spans(run: Finished) -> None:
    """Tell a run to OpenTelemetry, if the process has set it up; without it this does nothing."""
    try:
        from opentelemetry import trace
    except ImportError:
        return
    tracer = trace.get_tracer(INSTRUMENTATION)
    brief, (whole, *steps) = run.brief, run.steps
    root = tracer.start_span(
        "invoke_agent sectorvane",
        kind=trace.SpanKind.INTERNAL,
        start_time=run.began_ns,
        attributes={
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.agent.name": "sectorvane",
            "gen_ai.conversation.id": brief.thread_id,
            "gen_ai.usage.input_tokens": brief.usage.input_tokens,
            "gen_ai.usage.output_tokens": brief.usage.output_tokens,
            "sectorvane.run_id": brief.run_id,
            "sectorvane.market": brief.market.id,
            "sectorvane.as_of": brief.market.as_of.isoformat(),
            "sectorvane.intent": brief.intent,
            "sectorvane.brain": brief.usage.brain,
            "sectorvane.review.fallback": brief.review.fallback,
        },
    )
    if root.is_recording():
        inside = trace.set_span_in_context(root)
        for step in steps:
            span = tracer.start_span(
                _span_name(step),
                context=inside,
                kind=trace.SpanKind.CLIENT if step.kind == "model" else trace.SpanKind.INTERNAL,
                start_time=run.began_ns + int(step.start * _NANO),
                attributes=_span_attributes(step),
            )
            if step.status == "failed":
                span.set_status(trace.StatusCode.ERROR)
            span.end(run.began_ns + int(step.end * _NANO))
    root.end(run.began_ns + int(whole.end * _NANO))


def _span_name(step: Step) -> str:
    if step.kind == "tool":
        return f"execute_tool {step.name}"
    return f"chat {step.attributes['model']}" if step.kind == "model" else step.name


def _span_attributes(step: Step) -> dict[str, Any]:
    if step.kind == "tool":
        return {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": step.name,
            "gen_ai.tool.type": "function",
            "sectorvane.tool.status": step.status,
        }
    if step.kind == "model":
        return {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": step.attributes["model"],
            "gen_ai.usage.input_tokens": step.attributes["input_tokens"],
            "gen_ai.usage.output_tokens": step.attributes["output_tokens"],
            "sectorvane.step": step.name,
        }
    return {f"sectorvane.{name}": value for name, value in step.attributes.items()}


def set_up_exporter(environ: Mapping[str, str]) -> None:
    """Send spans where the environment says, as OpenTelemetry's own variables define it.

    Raises
    ------
    MissingKeyError
        When traces are wanted and the package that sends them is not installed.
    """
    if not any(environ.get(name) for name in PROVIDER_ENVIRONMENT):
        return
    if environ.get("OTEL_TRACES_EXPORTER") == "none" or environ.get("OTEL_SDK_DISABLED") == "true":
        return
    try:
        from opentelemetry import trace
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import (
            BatchSpanProcessor,
            ConsoleSpanExporter,
            SpanExporter,
        )

        exporter: SpanExporter
        if environ.get("OTEL_TRACES_EXPORTER") == "console":
            import sys

            exporter = ConsoleSpanExporter(out=sys.stderr)
        else:
            exporter = import_module(_OTLP).OTLPSpanExporter()
    except ImportError as error:
        raise MissingKeyError(
            "the packages that send traces",
            f"none ({error.name})",
            'Install them with `pip install "sectorvane[trace]"`, or unset the OTEL_ variables.',
        ) from error
    provider = TracerProvider(
        resource=Resource.create({"service.name": environ.get("OTEL_SERVICE_NAME", "sectorvane")})
    )
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
