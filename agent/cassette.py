"""Cassettes: a whole conversation, model calls and remote tool calls, recorded and played again.

Recording goes to memory and reaches the disk in one step when the run has ended, so a run that
fails leaves no file. Playing makes no connection: a request that the cassette does not hold is an
error, and so is a recorded one that was never asked for. Requests are matched on method, scheme,
host, port, path, query and canonical JSON body.

vcrpy 8.1 bypassed httpx2 without a word, hence the floor of 9 in pyproject.toml.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from agent.cassette_store import CassetteStore, parsed_body, read_document
from agent.errors import CassetteMissError
from agent.retry import is_cassette_miss
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from vcr.request import Request

__all__ = ["CassetteInfo", "cassette_info", "record", "replay"]

MATCH_ON = ("method", "scheme", "host", "port", "path", "query", "canonical_body")
CHAT_PATH = "/chat/completions"


class CassetteInfo(NamedTuple):
    """What a cassette says of itself: enough to play it without any setting."""

    base_url: str | None
    """Address of the model that answered; None where none was called."""
    model: str | None
    label: str
    """What answered when it was recorded."""
    requests: int


@contextmanager
def record(path: Path, *, label: str = "", secrets: Iterable[str] = ()) -> Iterator[None]:
    """Record every request made inside; write the cassette when the block ends without an error.

    Parameters
    ----------
    path
        The file; replaced where it exists.
    label
        What answers; empty derives it from the answers.
    secrets
        Values that must not be written, keys for example.
    """
    if not path.parent.is_dir():
        raise UnusableInputError(
            "a folder to record in", str(path.parent), "Make the folder first, or choose another."
        )
    hidden = tuple(secret for secret in secrets if len(secret) >= 6)
    store = CassetteStore(label, hidden, recording=True)
    with _use(path, "all", store, record_on_exception=False):
        yield


@contextmanager
def replay(path: Path) -> Iterator[CassetteInfo]:
    """Answer every request made inside from the cassette, and see that all of it was played.

    Raises
    ------
    UnusableInputError
        When the file is missing or unreadable.
    CassetteMissError
        When a request is not in it, or a recorded one was never asked for.
    """
    known = cassette_info(path)
    try:
        with _use(path, "none", CassetteStore(), record_on_exception=False) as cassette:
            yield known
    except Exception as error:
        if is_cassette_miss(error) and not isinstance(error, CassetteMissError):
            raise CassetteMissError from error
        raise
    played = cassette.play_count
    if played < len(cassette):
        raise CassetteMissError(
            f"a conversation that plays all of {path.name}", f"{played} of {len(cassette)} requests"
        )


def cassette_info(path: Path) -> CassetteInfo:
    """Return what a cassette says of itself.

    Raises
    ------
    UnusableInputError
        When the file is missing or unreadable.
    """
    document = read_document(path)
    base_url = model = None
    for interaction in document["interactions"]:
        uri = str(interaction["request"]["uri"])
        address, found, _ = uri.partition(CHAT_PATH)
        if found:
            base_url, model = address, parsed_body(interaction["request"]).get("model")
            break
    label = str(document.get("answered_by") or "unknown")
    return CassetteInfo(base_url, model, label, len(document["interactions"]))


def _use(path: Path, mode: str, store: CassetteStore, *, record_on_exception: bool) -> Any:  # noqa: ANN401
    import vcr

    recorder = vcr.VCR(
        record_mode=vcr.mode(mode),
        before_record_request=store.clean_request,
        before_record_response=store.clean_response,
        decode_compressed_response=True,
        record_on_exception=record_on_exception,
    )
    recorder.register_matcher("canonical_body", _same_body)
    recorder.register_persister(store)
    return recorder.use_cassette(path, match_on=MATCH_ON)


def _same_body(one: Request, other: Request) -> None:
    """Fail unless two bodies are the same JSON, or the same bytes."""
    if _canonical(one.body) != _canonical(other.body):
        raise AssertionError("the bodies differ")


def _canonical(body: bytes | str | None) -> str:
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body or ""
    try:
        return json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False)
    except ValueError:
        return text
