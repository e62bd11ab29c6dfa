"""Record the shipped conversations over real HTTP: ``python -m tests.record_cassettes``.

Needed after a change of prompts, tools or facts, since a cassette holds what is sent. Names on the
command line record only those. ``weak_model`` needs a server: ``python -m tests.weak_model``.
``--briefs`` only plays the cassettes and rewrites the briefs, after a change of wording or layout.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from agent.cassette import record, replay
from tests.conversations import ALL, FOLDER, PORT, SCRIPTED, WEAK, Shipped, held, together
from tests.scripted_model import ScriptedModel
from tests.weak_model import MODEL as WEAK_NAME
from tests.weak_model import PORT as WEAK_PORT

SCRIPTED_LABEL = "a SCRIPTED server; no language model answered"
WEAK_LABEL = f"the REAL but very weak language model {WEAK_NAME} behind llama.cpp"


def record_scripted(shipped: Shipped, home: Path) -> None:
    """Record one conversation with the scripted server."""
    with ScriptedModel(shipped.replies, port=PORT) as server:
        with record(shipped.cassette, label=SCRIPTED_LABEL):
            briefs = held(shipped, home, server.base_url)
        left = len(shipped.replies) - len(server.requests)
    if left:
        raise SystemExit(f"{shipped.name}: {left} scripted replies were not asked for")
    shipped.briefs.write_text(together(briefs), encoding="utf-8", newline="\n")
    for brief in briefs:
        print(f"{shipped.name}: {brief.review.model_dump()}")


def record_weak(home: Path) -> None:
    """Record the conversation with the weak model, which must be serving."""
    with record(WEAK.cassette, label=WEAK_LABEL):
        briefs = held(WEAK, home, f"http://127.0.0.1:{WEAK_PORT}/v1", WEAK_NAME)
    WEAK.briefs.write_text(together(briefs), encoding="utf-8", newline="\n")
    print(f"{WEAK.name}: {[brief.review.model_dump() for brief in briefs]}")


def rewrite_briefs(shipped: Shipped, home: Path) -> None:
    """Play one conversation and keep the briefs that come out."""
    with replay(shipped.cassette) as known:
        briefs = held(shipped, home, known.base_url or "", known.model or "")
    shipped.briefs.write_text(together(briefs), encoding="utf-8", newline="\n")
    print(f"{shipped.name}: {len(briefs)} briefs")


def main(names: list[str]) -> None:
    """Record the conversations named, or all scripted ones."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        if "--briefs" in names:
            for shipped in ALL:
                rewrite_briefs(shipped, home)
            return
        for shipped in SCRIPTED:
            if not names or shipped.name in names:
                record_scripted(shipped, home)
        if WEAK.name in names:
            record_weak(home)


if __name__ == "__main__":
    main(sys.argv[1:])
