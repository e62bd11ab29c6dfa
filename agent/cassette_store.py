"""How a cassette lies on disk: cleaned, readable, written in one step.

Headers are kept by allow-list. Secrets are taken out by name, by shape and by value. Bodies stay
readable: JSON is written as YAML, text as text. The first line says what answered when the cassette
was recorded, so that nobody takes a scripted answer for a model's.
"""

from __future__ import annotations

import base64
import json
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vcr.request import Request

KEPT_REQUEST_HEADERS = frozenset({"content-type", "accept"})
KEPT_RESPONSE_HEADERS = frozenset({"content-type", "retry-after", "mcp-session-id"})
HIDDEN = "HIDDEN"
SECRET_NAME = re.compile(
    r"api[_-]?key$|access[_-]?token$|secret$|password$|authorization$", re.IGNORECASE
)
"""Of a field of a body; plain `key` and `token` name innocent things there."""
SECRET_PARAMETER = re.compile(rf"{SECRET_NAME.pattern}|^(key|token|auth)$", re.IGNORECASE)
"""Of a query."""
SECRET_SHAPE = re.compile(
    r"\b(?:sk|pk|rk)-[\w-]{12,}|\bxox[abps]-[\w-]{8,}|\bxapp-[\w-]{8,}|Bearer\s+\S{8,}"
)
SCRIPTED = "scripted"
"""A server whose `system_fingerprint` begins like this is a script, not a model."""


class CassetteStore:
    """How a cassette is cleaned, written and read: vcrpy's serializer and persister in one.

    Parameters
    ----------
    label
        What answers; empty derives it from the answers.
    secrets
        Values that must not be written.
    recording
        Whether what the file held before is to be forgotten.
    """

    def __init__(
        self, label: str = "", secrets: tuple[str, ...] = (), *, recording: bool = False
    ) -> None:
        self._recording = recording
        self._label = label
        self._secrets = secrets

    def clean_request(self, request: Request) -> Request:
        """Return a request without secrets and without headers that nothing needs."""
        from vcr.request import Request as Cleaned

        kept = {k: v for k, v in request.headers.items() if k.lower() in KEPT_REQUEST_HEADERS}
        return Cleaned(
            request.method, self._clean_uri(request.uri), self._clean_body(request.body), kept
        )

    def clean_response(self, response: dict[str, Any]) -> dict[str, Any]:
        """Return a response without secrets and without headers that nothing needs."""
        headers = {k.lower(): v for k, v in response["headers"].items()}
        kept = {k: v for k, v in headers.items() if k in KEPT_RESPONSE_HEADERS}
        body = self._clean_body(response["body"]["string"])
        if any("event-stream" in value for value in kept.get("content-type", ())):
            body = _merged(body.decode("utf-8", "replace")).encode()
        return {**response, "headers": kept, "body": {**response["body"], "string": body}}

    def load_cassette(self, path: Path, **_ignored: object) -> tuple[list[Any], list[Any]]:
        """Read a cassette; a recording begins empty, whatever the file held before."""
        from vcr.persisters.filesystem import CassetteNotFoundError
        from vcr.request import Request as Stored

        if self._recording or not path.exists():
            raise CassetteNotFoundError(path)
        pairs = [(i["request"], i["response"]) for i in read_document(path)["interactions"]]
        requests = [Stored(r["method"], r["uri"], _bytes(r), r["headers"]) for r, _ in pairs]
        responses = [
            {"status": r["status"], "headers": r["headers"], "body": {"string": _bytes(r)}}
            for _, r in pairs
        ]
        return requests, responses

    def save_cassette(self, path: Path, cassette: dict[str, Any], **_ignored: object) -> None:
        """Write a cassette in one step."""
        pairs = list(zip(cassette["requests"], cassette["responses"], strict=True))
        interactions = [
            {
                "request": {
                    "method": request.method,
                    "uri": request.uri,
                    "headers": dict(request.headers),
                    **_readable(request.body),
                },
                "response": {
                    "status": dict(response["status"]),
                    "headers": dict(response["headers"]),
                    **_readable(response["body"]["string"]),
                },
            }
            for request, response in pairs
        ]
        label = self._label or _answered_by(interactions)
        document = {"version": 1, "answered_by": label, "interactions": interactions}
        _write_atomically(Path(path), f"# Answered by: {label}\n{_yaml(document)}")

    def _clean_uri(self, uri: str) -> str:
        """Return the document of a YAML text."""
        parts = urlsplit(uri)
        query = [
            (name, HIDDEN if SECRET_PARAMETER.search(name) else self._clean_text(value))
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
        ]
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, self._clean_text(parts.path), urlencode(query), ""))

    def _clean_body(self, body: bytes | str | None) -> bytes:
        text = body.encode() if isinstance(body, str) else body or b""
        try:
            decoded = text.decode()
        except UnicodeDecodeError:
            return text
        try:
            parsed = json.loads(decoded)
        except ValueError:
            return self._clean_text(decoded).encode()
        return json.dumps(self._clean_value(parsed), ensure_ascii=False).encode()

    def _clean_value(self, value: Any) -> Any:  # noqa: ANN401
        if isinstance(value, dict):
            return {
                name: HIDDEN
                if SECRET_NAME.search(name) and isinstance(inner, str)
                else self._clean_value(inner)
                for name, inner in value.items()
            }
        if isinstance(value, list):
            return [self._clean_value(inner) for inner in value]
        return self._clean_text(value) if isinstance(value, str) else value

    def _clean_text(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return SECRET_SHAPE.sub(HIDDEN, text)


def _readable(body: bytes | str | None) -> dict[str, Any]:
    """Return a body as it is written: parsed JSON, else text, else base64."""
    raw = body.encode() if isinstance(body, str) else body or b""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(raw).decode()}
    try:
        parsed = json.loads(text)
    except ValueError:
        return {"text": text}
    return {"json": parsed} if isinstance(parsed, (dict, list)) else {"text": text}


def _bytes(message: dict[str, Any]) -> bytes:
    if "json" in message:
        return json.dumps(message["json"], ensure_ascii=False).encode()
    if "base64" in message:
        return base64.b64decode(message["base64"])
    return str(message.get("text") or "").encode()


def parsed_body(message: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON body of a stored message, empty where it has none."""
    body = message.get("json")
    return body if isinstance(body, dict) else {}


def _answered_by(interactions: list[dict[str, Any]]) -> str:
    """Say what answered, from the answers themselves."""
    models: list[str] = []
    for interaction in interactions:
        response = interaction["response"]
        answers = [parsed_body(response), *_events(response.get("text", ""))]
        if any(str(a.get("system_fingerprint", "")).startswith(SCRIPTED) for a in answers):
            return "a SCRIPTED server; no language model answered"
        models += [str(a["model"]) for a in answers if a.get("model")]
    return f"the language model {models[0]}" if models else "no language model"


def _merged(stream: str) -> str:
    """Join the pieces of text of a stream, so that an answer can be read; everything else stays."""
    merged: list[str] = []
    pending: dict[str, Any] | None = None
    for event in stream.split("\n\n"):
        piece = _piece_of_text(event)
        if piece is not None and pending is not None:
            pending["choices"][0]["delta"]["content"] += piece["choices"][0]["delta"]["content"]
            continue
        if pending is not None:
            merged.append(f"data: {json.dumps(pending, ensure_ascii=False)}")
        pending = piece
        if piece is None:
            merged.append(event)
    if pending is not None:
        merged.append(f"data: {json.dumps(pending, ensure_ascii=False)}")
    return "\n\n".join(merged)


def _piece_of_text(event: str) -> dict[str, Any] | None:
    """Return a stream's event when it carries nothing but a piece of text."""
    chunk = next(_events(event), None)
    choices = chunk.get("choices") if chunk and "\n" not in event.strip() else None
    if not isinstance(choices, list) or len(choices) != 1:
        return None
    delta = choices[0].get("delta") or {}
    plain = isinstance(delta.get("content"), str) and set(delta) <= {"role", "content"}
    return chunk if plain and choices[0].get("finish_reason") is None else None


def _events(text: str) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        if line.startswith("data: {"):
            try:
                yield json.loads(line.removeprefix("data: "))
            except ValueError:
                continue


def read_document(path: Path) -> dict[str, Any]:
    """Read a cassette file.

    Raises
    ------
    UnusableInputError
        When it is missing or unreadable.
    """
    import yaml  # type: ignore[import-untyped]

    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_loader())  # noqa: S506
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = getattr(error, "strerror", None) or "it cannot be read"
        raise UnusableInputError(
            "a cassette", f"{path} ({reason})", "Record one with --record FILE."
        ) from error
    if not isinstance(document, dict) or not isinstance(document.get("interactions"), list):
        raise UnusableInputError(
            "a cassette", f"{path}, which is none", "Record one with --record FILE."
        )
    return document


def _loader() -> Any:  # noqa: ANN401
    """Return the C safe loader where there is one: ten times faster, the same plain values."""
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _yaml(document: dict[str, Any]) -> str:
    import yaml

    class Dumper(yaml.SafeDumper):  # type: ignore[misc]
        """Writes long texts as blocks, so that prompts can be read and compared."""

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        style = "|" if "\n" in value else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    written: str = yaml.dump(
        document, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=110
    )
    return written


def _write_atomically(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
