"""The routes of the page: each reads a request, calls one thing, and answers.

What went wrong is answered as ``{"sentence": …}`` with a fitting status, never as a traceback.
"""

from __future__ import annotations

import json
import logging
import re
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import anyio
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from agent.web.gate import Gate, refusal
from agent.web.page import page
from agent.web.rooms import BusyError, Rooms
from tools.errors import SectorvaneError, UnusableInputError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from agent.web.gate import Keys
    from agent.web.runs import Run

_logger = logging.getLogger(__name__)
LONGEST_QUESTION = 4000
"""Characters."""
MOST_BYTES = 64 * 1024
"""Of the body of a request."""
PING_SECONDS = 15
_NUMBER = re.compile(r"[0-9]{1,9}")
STATIC = Path(__file__).parent / "static"
CHARTS = Path(__file__).parents[1] / "reports" / "static"


class _Question(NamedTuple):
    """A question as the page sends it."""

    thread: str | None
    text: str


def build_app(rooms: Rooms, *, port: int, keys: Keys) -> Gate:
    """Return the page's server behind its gate."""
    app = Starlette(
        routes=[
            Route("/", _page),
            Route("/c/{thread:path}", _page),
            Mount("/static", StaticFiles(directory=STATIC)),
            Mount("/charts", StaticFiles(directory=CHARTS, check_dir=False)),
            Route("/api/desk", _desk),
            Route("/api/conversations", _conversations),
            Route("/api/conversations/{thread:path}", _conversation),
            Route("/api/questions", _ask, methods=["POST"]),
            Route("/api/runs/{run_id}/events", _events),
            Route("/api/runs/{run_id}/stop", _stop, methods=["POST"]),
            Route("/api/answers/{run_id}/markdown", _markdown),
            Route("/api/answers/{run_id}/charts", _charts),
            Route("/api/answers/{run_id}/charts/{name}", _chart),
        ],
        exception_handlers={
            SectorvaneError: _refused,
            HTTPException: _not_there,
            Exception: _broken,
        },
        lifespan=_open_for(rooms),
    )
    app.state.rooms = rooms
    return Gate(app, port=port, keys=keys)


def _open_for(rooms: Rooms) -> Any:  # noqa: ANN401 - the framework's own type
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with rooms:
            yield

    return lifespan


def _rooms(request: Request) -> Rooms:
    return cast("Rooms", request.app.state.rooms)


async def _page(request: Request) -> Response:
    rooms = _rooms(request)
    return HTMLResponse(
        page(
            wanted=request.headers.get("accept-language", ""),
            fixed=rooms.settings.lang,
            theme=request.cookies.get("sectorvane-theme", ""),
        )
    )


async def _desk(request: Request) -> Response:
    from agent.web.looking import look

    rooms = _rooms(request)
    return JSONResponse(await rooms.beside(look, rooms.settings))


async def _conversations(request: Request) -> Response:
    from agent.web.looking import listed

    rooms = _rooms(request)
    lines = await rooms.beside(listed, rooms.settings.home)
    return JSONResponse({"conversations": lines})


async def _conversation(request: Request) -> Response:
    from agent.web.looking import remembered

    rooms, thread = _rooms(request), request.path_params["thread"]
    content = await rooms.beside(remembered, rooms.settings, thread)
    run = rooms.going_on(content["thread"])
    return JSONResponse({**content, "run": run.run_id if run else None})


async def _ask(request: Request) -> Response:
    asked = await _question(request)
    run = _rooms(request).ask(asked.thread, asked.text)
    return JSONResponse({"run": run.run_id, "thread": run.thread_id}, status_code=202)


async def _events(request: Request) -> Response:
    run = _run(request)
    seen = request.headers.get("last-event-id") or request.query_params.get("after", "")
    return EventSourceResponse(
        _told(run, int(seen) if _NUMBER.fullmatch(seen) else 0), ping=PING_SECONDS
    )


async def _stop(request: Request) -> Response:
    run = _run(request)
    _rooms(request).stop(run)
    return JSONResponse({"run": run.run_id}, status_code=202)


async def _markdown(request: Request) -> Response:
    from agent.records import load_record

    run_id = request.path_params["run_id"]
    record = await anyio.to_thread.run_sync(load_record, _rooms(request).settings.home, run_id)
    return Response(
        record.brief.markdown,
        media_type="text/markdown; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="sectorvane-{record.run_id}.md"'},
    )


async def _charts(request: Request) -> Response:
    from agent.web.charting import chart_list

    home, run_id = _rooms(request).settings.home, request.path_params["run_id"]
    return JSONResponse(await anyio.to_thread.run_sync(chart_list, home, run_id))


async def _chart(request: Request) -> Response:
    from agent.web.charting import Wanted, chart

    home, asked = _rooms(request).settings.home, request.query_params
    wanted = Wanted(
        theme="dark" if asked.get("theme") == "dark" else "light",
        narrow=asked.get("narrow") == "1",
        sector=asked.get("sector"),
    )
    run_id, name = request.path_params["run_id"], request.path_params["name"]
    return JSONResponse(await anyio.to_thread.run_sync(chart, home, run_id, name, wanted))


async def _told(run: Run, after: int) -> AsyncIterator[ServerSentEvent]:
    async for event in run.follow(after):
        content = json.dumps(event.content, ensure_ascii=False)
        yield ServerSentEvent(content, event=event.name, id=str(event.number))


def _run(request: Request) -> Run:
    run = _rooms(request).run(request.path_params["run_id"])
    if run is None:
        raise HTTPException(404)
    return run


async def _question(request: Request) -> _Question:
    """Read a question, no further than its longest."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise UnusableInputError("a question as JSON", "another kind", "Ask on the page.")
    raw = b""
    async for part in request.stream():
        raw += part
        if len(raw) > MOST_BYTES:
            raise HTTPException(413)
    try:
        content = json.loads(raw)
    except ValueError as error:
        raise UnusableInputError("a question as JSON", "no JSON", "Ask on the page.") from error
    text = content.get("question") if isinstance(content, dict) else None
    thread = content.get("thread") if isinstance(content, dict) else None
    if not isinstance(text, str) or not isinstance(thread, str | None) or not text.strip():
        raise UnusableInputError("a question", "none", 'For example: "Which sectors lead?"')
    if len(text) > LONGEST_QUESTION:
        raise HTTPException(413)
    return _Question(_writable(thread or "") or None, _writable(text.strip()))


def _writable(text: str) -> str:
    """Return a text without halves of characters, which JSON can hold and no file can."""
    return text.encode("utf-8", "replace").decode("utf-8")


async def _refused(_request: Request, error: Exception) -> Response:
    if isinstance(error, BusyError):
        content = {"sentence": str(error), "run": error.run_id}
        return JSONResponse(content, status_code=409)
    return refusal(str(error), 400 if isinstance(error, UnusableInputError) else 503)


async def _not_there(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    sentences = {
        404: "There is nothing here.",
        405: "This cannot be done here.",
        413: f"The question is too long: at most {LONGEST_QUESTION} characters can be asked.",
    }
    return refusal(sentences.get(status, "This request cannot be answered."), status)


async def _broken(request: Request, error: Exception) -> Response:
    kind = type(error).__name__
    _logger.error("%s failed (%s).", request.url.path, kind)
    return refusal(f"Something went wrong that should not have ({kind}).", 500)
