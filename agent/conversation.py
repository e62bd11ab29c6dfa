"""A conversation: one thread, kept in SQLite so that it survives a restart."""

from __future__ import annotations

import secrets
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from agent.brains.offline import OfflineBrain
from agent.budget import Budget
from agent.context import RunContext, Side
from agent.editing import edited, read_edit
from agent.graph import RECURSION_LIMIT, build_graph
from agent.mandate.resolving import mandate_in_force
from agent.nodes.compose import compose_request
from agent.preferences import known_here, load_preferences
from agent.records import RunRecord, save_record
from agent.settings import override, prepare_home
from agent.state import RunInput
from agent.toolbox import Toolbox
from agent.tracing import TimedBrain, Timeline, export_spans, finish
from tools.desk import Desk
from tools.health.failing import failing_gaps
from tools.mcp_server import build_server
from tools.scoring.fitting import Training
from tools.sources import open_market
from tools.view import check_as_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from langchain_core.runnables import RunnableConfig
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
    from langgraph.graph.state import CompiledStateGraph
    from langgraph.types import StateSnapshot

    from agent.brains.base import Brain, Progress, Turn
    from agent.brief.model import Brief, Language
    from agent.editing import Edit
    from agent.memory.threads import ThreadLine, Threads
    from agent.remote.desk import RemoteDesk
    from agent.remote.hub import RemoteHub
    from agent.settings import ScorerName, Settings
    from agent.state import RunState
    from agent.tracing import Finished
    from tools.contracts import Horizon, Vocabulary
    from tools.scoring.fitting import Trained
    from tools.sources.base import MarketData

_RECORDED_SETTINGS = (
    "market",
    "as_of",
    "level",
    "horizon",
    "brain",
    "model",
    "scorer",
    "lang",
    "max_usd",
    "max_tokens",
    "max_seconds",
)


def _silent(_event: str, _details: dict[str, Any]) -> None:
    """Tell nobody."""


class Conversation:
    """Asks questions of one thread; use it as an async context manager.

    Parameters
    ----------
    settings
        Market, as-of, brain, language and limits.
    thread
        Id of the thread; None begins a new one.
    progress
        Receives ``(event, details)`` while a question is answered.
    brain
        A brain to use instead of the one the settings name.
    today
        The calendar day that a date may not be later than; None: the machine's.
    clock
        Monotonic seconds.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        thread: str | None = None,
        progress: Progress | None = None,
        brain: Brain | None = None,
        today: date | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
        self.thread_id = thread or secrets.token_hex(6)
        self.last: Brief | None = None
        self.record: RunRecord | None = None
        """The run record of the last question."""
        self.trace: Finished | None = None
        """The timeline of the last question."""
        self.threads: Threads
        """The conversations of the home."""
        self._progress: Progress = progress or _silent
        self._brain = brain
        self._offline = OfflineBrain()
        self._today = today
        self._clock = clock
        self._stack = AsyncExitStack()
        self._markets: dict[str, MarketData] = {}
        self._sides: dict[tuple[str, date, bool, ScorerName], Side] = {}
        self._desks: dict[tuple[str, date, ScorerName], Desk] = {}
        self._remote_hub: RemoteHub | None = None
        self._graph: CompiledStateGraph[Any, Any, Any, Any]
        self._saver: AsyncSqliteSaver

    async def __aenter__(self) -> Self:
        """Open the thread's store; the market is loaded by the first question."""
        try:
            await self._open()
        except BaseException:
            # An open SQLite connection has a thread that would keep the process alive.
            await self._stack.aclose()
            raise
        return self

    async def _open(self) -> None:
        from agent.memory.checkpoints import open_saver
        from agent.memory.threads import Threads

        home = prepare_home(self.settings.home)
        self._saver = await self._stack.enter_async_context(open_saver(home))
        self._graph = build_graph(self._saver)
        self.threads = Threads(home, self._saver)
        await self.threads.setup()
        self.thread_id = await self.threads.resolve(self.thread_id)
        self.last = (await self._values()).get("brief")

    async def __aexit__(self, *exc_info: object) -> None:
        """Close everything."""
        await self._stack.aclose()

    @property
    def desk(self) -> Desk:
        """The market at the conversation's as-of."""
        return self._desk(self.settings.as_of)

    @property
    def vocabulary(self) -> Vocabulary:
        """What the market can be asked about."""
        return self.desk.vocabulary

    async def history(self) -> tuple[Turn, ...]:
        """Return what the thread remembers of its earlier questions."""
        turns: tuple[Turn, ...] = (await self._values()).get("turns", ())
        return turns

    async def _values(self) -> dict[str, Any]:
        values: dict[str, Any] = (await self._graph.aget_state(self._config())).values
        return values

    async def take_up(self, wanted: str) -> ThreadLine:
        """Go on with another conversation, by its name or id."""
        line = await self.threads.find(wanted)
        self.thread_id = line.thread_id
        self.last, self.record, self.trace = (await self._values()).get("brief"), None, None
        return line

    def begin_anew(self) -> None:
        """Begin a conversation that remembers nothing."""
        self.thread_id = secrets.token_hex(6)
        self.last, self.record, self.trace = None, None, None

    async def pending(self) -> str | None:
        """Return the question that a killed process left unanswered, if there is one."""
        state = await self._graph.aget_state(self._config())
        run: RunInput | None = state.values.get("run")
        return run.question if state.next and run is not None else None

    def set_market(self, name: str) -> None:
        """Turn to another market; its default as-of applies again."""
        market_data = self._market(name)
        self.settings = self.settings.model_copy(update={"market": name, "as_of": None})
        check_as_of(market_data, None, self._day())

    def set_as_of(self, as_of: date) -> None:
        """Pretend to be at the end of another day."""
        check_as_of(self._market(self.settings.market), as_of, self._day())
        self.settings = self.settings.model_copy(update={"as_of": as_of})

    def set_lang(self, code: str) -> None:
        """Fix the language of answers, or ``auto`` for the question's own."""
        self.settings = override(self.settings, {"lang": code})

    async def ask(
        self,
        question: str,
        *,
        horizon: Horizon | None = None,
        compare: date | None = None,
        skip: tuple[str, ...] = (),
    ) -> Brief:
        """Answer one question.

        A question that a killed process left unanswered is taken up where it stopped when it is
        asked again: tools that had answered are not called again. With `skip`, or where the
        question only asks to leave something out, the last question is asked again without those
        calls.
        """
        from agent.memory.checkpoints import keep_newest
        from agent.memory.threads import Asked

        timeline = Timeline(self._progress, self._clock)
        context = await self._context(compare, timeline)
        state = await self._graph.aget_state(self._config())
        if _resumable(state, question, context):
            payload = None
        else:
            turns = state.values.get("turns", ())
            edit = edited(turns[-1], skip) if skip and turns else read_edit(question, turns)
            payload = {"run": self._run_input(question, context, horizon, edit)}
        final: Any = await self._graph.ainvoke(
            payload, self._config(), context=context, durability="sync"
        )
        await keep_newest(self._saver, self.thread_id)
        brief = self._finish(final, context)
        self.trace = finish(timeline, brief)
        export_spans(self.trace)
        await self.threads.note(
            Asked(self.thread_id, self.settings.market, brief.question, brief.usage)
        )
        return brief

    def _finish(self, final: RunState, context: RunContext) -> Brief:
        run = final["run"]
        self.last = final["brief"]
        self.record = RunRecord(
            run_id=run.run_id,
            thread_id=run.thread_id,
            started_at=datetime.now(UTC),
            market_name=self.settings.market,
            view_key=context.now.view_key,
            settings={name: getattr(self.settings, name) for name in _RECORDED_SETTINGS},
            versions=_versions(),
            prompt_hashes=getattr(context.brain, "prompt_hashes", {}),
            request=compose_request(final, context),
            draft=final["draft"],
            brief=self.last,
        )
        save_record(self.settings.home, self.record)
        return self.last

    def _run_input(
        self, question: str, context: RunContext, horizon: Horizon | None, edit: Edit | None
    ) -> RunInput:
        settings = self.settings
        fixed = horizon or (settings.horizon if settings.horizon_fixed else None)
        language: Language | None = None if settings.lang == "auto" else settings.lang
        return RunInput(
            run_id=f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}",
            thread_id=self.thread_id,
            question=question,
            as_of=context.now.stamp.as_of,
            then=context.then.stamp.as_of if context.then else None,
            horizon=fixed,
            default_horizon=settings.horizon,
            language=language,
            repeats=edit.question if edit else None,
            skip=edit.skip if edit else (),
            watch=known_here(load_preferences(settings.home).watch, context.now.vocabulary),
        )

    async def _context(self, compare: date | None, timeline: Timeline) -> RunContext:
        brain = self._choose_brain()
        now = await self._side(self.settings.as_of)
        then = await self._side(compare) if compare else None
        return RunContext(
            now=now,
            then=then,
            brain=TimedBrain(brain, timeline),
            fallback=TimedBrain(self._offline, timeline),
            mandate=mandate_in_force(self.settings, self._desk(self.settings.as_of)),
            budget=self._budget(brain),
            clock=self._clock,
            progress=timeline,
        )

    def _budget(self, brain: Brain) -> Budget:
        return Budget(
            max_seconds=self.settings.max_seconds,
            max_usd=self.settings.max_usd,
            max_tokens=self.settings.max_tokens,
            tokens_per_call=getattr(brain, "tokens_per_call", 0),
            usd_per_call=getattr(brain, "usd_per_call", 0.0),
            started=self._clock(),
            clock=self._clock,
        )

    def _choose_brain(self) -> Brain:
        if self._brain is None:
            self._brain = make_brain(self.settings, self._offline)
        return self._brain

    async def _side(self, as_of: date | None) -> Side:
        desk = self._desk(as_of)
        key = (self.settings.market, desk.as_of, as_of is None, desk.scorer_name)
        if key not in self._sides:
            remote = await self._remote_desk(desk, as_of) if self.settings.remote else None
            toolbox = Toolbox([build_server(desk)], clock=self._clock, remote=remote)
            await self._stack.enter_async_context(toolbox)
            self._sides[key] = Side(
                stamp=desk.stamp,
                vocabulary=desk.vocabulary,
                view_key=desk.key,
                toolbox=toolbox,
                scoring=lambda: desk.scorer,
                history_note=desk.view.market.history_note,
                gaps=failing_gaps(desk.view),
            )
        return self._sides[key]

    async def _remote_desk(self, desk: Desk, as_of: date | None) -> RemoteDesk:
        from agent.remote.bench import is_live, remote_desk
        from agent.remote.hub import RemoteHub

        if self._remote_hub is None:
            hub = RemoteHub(self.settings.remote, self.settings.home)
            self._remote_hub = await self._stack.enter_async_context(hub)
        return remote_desk(self._remote_hub, desk, live=is_live(as_of, desk.as_of, self._day()))

    def _desk(self, as_of: date | None) -> Desk:
        market_data = self._market(self.settings.market)
        day = check_as_of(market_data, as_of, self._day())
        key = (self.settings.market, day, self.settings.scorer)
        if key not in self._desks:
            training = Training(workers=self.settings.workers, tell=self._told_of_training)
            self._desks[key] = Desk(
                market_data, day, self.settings.home, self.settings.scorer, training
            )
        return self._desks[key]

    def _told_of_training(self, trained: Trained) -> None:
        self._progress("train", trained._asdict())

    def _market(self, name: str) -> MarketData:
        if name not in self._markets:
            market_data = open_market(name, self.settings.home, self.settings.level)
            if self.settings.remote:
                from agent.remote.signals import with_remote_signals

                home = self.settings.home
                market_data = with_remote_signals(market_data, self.settings.remote, home)
            self._markets[name] = market_data
        return self._markets[name]

    def _day(self) -> date:
        return self._today or datetime.now(UTC).astimezone().date()

    def _config(self) -> RunnableConfig:
        return {"configurable": {"thread_id": self.thread_id}, "recursion_limit": RECURSION_LIMIT}


def _resumable(state: StateSnapshot, question: str, context: RunContext) -> bool:
    run: RunInput | None = state.values.get("run")
    return bool(
        state.next and run and run.question == question and run.as_of == context.now.stamp.as_of
    )


def make_brain(settings: Settings, offline: OfflineBrain) -> Brain:
    """Return the brain that the settings name."""
    if settings.brain_in_use == "offline":
        return offline
    from agent.brains.openai import MODEL_TIMEOUT, OpenAIBrain
    from agent.retry import MODEL_SECONDS

    longest = settings.max_seconds or MODEL_TIMEOUT
    return OpenAIBrain(
        model=settings.model,
        api_key=settings.api_key.get_secret_value() if settings.api_key else None,
        base_url=settings.base_url,
        timeout_seconds=min(MODEL_TIMEOUT, longest),
        max_seconds=min(MODEL_SECONDS, longest),
    )


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("langgraph", "mcp", "numpy", "pandas", "pydantic")}
