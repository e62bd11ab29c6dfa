"""``sectorvane runs`` and ``sectorvane replay``: what was asked, and the same brief again."""

from __future__ import annotations

import json
import sys
from itertools import islice
from typing import TYPE_CHECKING

from agent.terminal.output import check_out, save, show

if TYPE_CHECKING:
    from pathlib import Path

    from agent.settings import Settings


def runs(settings: Settings, *, limit: int, as_json: bool, as_jsonl: bool = False) -> int:
    """List the newest run records, or give them whole, one a line."""
    from agent.records import list_records, newest_records

    if as_jsonl:
        for record in islice(newest_records(settings.home), limit):
            sys.stdout.write(f"{record}\n")
        return 0
    lines = list(islice(list_records(settings.home), limit))
    if as_json:
        rows = [{**line._asdict(), "started_at": line.started_at.isoformat()} for line in lines]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
        return 0
    if not lines:
        sys.stdout.write(f"No runs in {settings.home} yet.\n")
    votes = _votes(settings.home)
    for line in lines:
        started = f"{line.started_at.astimezone():%Y-%m-%d %H:%M}"
        cells = (line.run_id, started, line.market, line.as_of, f"{line.intent:<12}", line.question)
        sys.stdout.write("  ".join((*cells, *votes.get(line.run_id, ()))) + "\n")
    return 0


def _votes(home: Path) -> dict[str, tuple[str]]:
    """Return for each run that was voted on how many found it helpful and how many did not."""
    from agent.records import has_votes

    if not has_votes(home):
        return {}
    from agent.votes import Votes

    found = Votes(home).tallies()
    return {run: (f"[helpful {tally.up}, not {tally.down}]",) for run, tally in found.items()}


def replay(settings: Settings, run_id: str, *, as_json: bool, out: Path | None) -> int:
    """Render one run again from its record, without a market, a model or a network."""
    from agent.records import load_record
    from agent.records import replay as render_again

    target = check_out(out) if out else None
    record = load_record(settings.home, run_id)
    brief = record.brief.model_copy(update={"markdown": render_again(record)})
    if target:
        from agent.reports.data import report_data

        save(brief, target, report_data(brief, record.request))
    show(brief, sys.stdout, as_json=as_json, record=record)
    return 0
