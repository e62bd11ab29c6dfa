"""Thirty questions in each language, typed into a real terminal.

What was typed stands here with the number of fetches each question took when this was recorded.
Follow-ups that the held facts answer fetch nothing; a planner that reads a question otherwise may
need a few fetches more or less in all.
"""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.markets import write_market

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0
MORE_FETCHES = 4
READY = "/help"
"""Stands in the toolbar below the prompt, and nowhere else once an answer is shown."""


class Typed(NamedTuple):
    """One question and the fetches it took."""

    question: str
    fetches: int


ENGLISH = tuple(
    Typed(*pair)
    for pair in (
        ("hello", 0),
        ("Which sectors are leading this month?", 3),
        ("why is energy ranked there?", 1),
        ("and financials?", 1),
        ("what about the week before?", 2),
        ("sorry, I meant 3 months", 2),
        ("what are foreigners buying this month?", 1),
        ("and over the last week?", 1),
        ("any unusual trading in materials?", 1),
        ("compare energy and financials", 2),
        ("what is inflation doing?", 1),
        ("which sectors are leading this month?", 0),
        ("why is energy ranked there?", 0),
        ("give me the full brief", 4),
        ("skip macro", 0),
        ("drop the flows and rank again", 0),
        ("what would change your mind on energy?", 0),
        ("what could go wrong?", 0),
        ("how is information technology doing this week?", 0),
        ("what are foreigners buying this month?", 0),
        ("what happens if oil jumps?", 1),
        ("is the data any good?", 1),
        ("can I trust these forecasts?", 0),
        ("which sector should I avoid?", 0),
        ("buy me 100 shares of energy", 0),
        ("what can you do?", 0),
        ("is consumer staples improving or weakening?", 0),
        ("rank the sectors for next quarter", 0),
        ("give me the full brief", 0),
        ("thanks", 0),
    )
)
VIETNAMESE = tuple(
    Typed(*pair)
    for pair in (
        ("xin chào", 0),
        ("Ngành nào dẫn đầu tháng này?", 3),
        ("vì sao năng lượng đứng ở đó?", 1),
        ("còn tài chính thì sao?", 1),
        ("còn tuần trước?", 2),
        ("không, ý tôi là 3 tháng", 2),
        ("khối ngoại mua gì tháng này?", 1),
        ("thế tuần qua thì sao?", 1),
        ("có giao dịch bất thường ở nguyên vật liệu không?", 1),
        ("so sánh năng lượng với tài chính", 2),
        ("lạm phát thế nào?", 1),
        ("ngành nào dẫn đầu tháng này?", 0),
        ("vì sao năng lượng đứng ở đó?", 0),
        ("cho tôi báo cáo đầy đủ", 4),
        ("bỏ vĩ mô", 0),
        ("bỏ dòng tiền ra rồi xếp hạng lại", 0),
        ("điều gì làm bạn đổi ý về năng lượng?", 0),
        ("rủi ro là gì?", 0),
        ("công nghệ thông tin tuần này ra sao?", 0),
        ("khối ngoại mua gì tháng này?", 0),
        ("giá dầu tăng mạnh thì sao?", 1),
        ("dữ liệu có ổn không?", 1),
        ("dự báo này có đáng tin không?", 0),
        ("nên tránh ngành nào?", 0),
        ("mua cho tôi 100 cổ phiếu năng lượng", 0),
        ("bạn làm được gì?", 0),
        ("hàng tiêu dùng thiết yếu đang mạnh lên hay yếu đi?", 0),
        ("xếp hạng ngành cho quý tới", 0),
        ("cho tôi báo cáo đầy đủ", 0),
        ("cảm ơn", 0),
    )
)


class Terminal:
    """A tmux pane with a conversation in it, on a server of its own."""

    def __init__(self, socket: Path, home: Path, market: Path) -> None:
        self._socket = socket
        self._home = home
        command = [sys.executable, str(ROOT / "chat.py"), "--market", f"folder:{market}",
                   "--as-of", "2022-03-01", "--brain", "offline"]  # fmt: skip
        self._tmux(
            "new-session", "-d", "-x", "150", "-y", "50", "-e", f"SECTORVANE_HOME={home}",
            "-e", "LANG=C.UTF-8", "-c", str(home), shlex.join(command),
        )  # fmt: skip
        self._tmux("set-option", "-g", "remain-on-exit", "on")
        self._until(lambda: READY in self._last_lines(), "the prompt did not come")

    def ask(self, question: str) -> dict[str, Any]:
        """Type a question and return its brief, once the next prompt is there."""
        before = set(self._records())
        self._tmux("send-keys", "-l", question)
        self._until(lambda: question[-20:] in self.screen(), "what was typed is not shown")
        self._tmux("send-keys", "Enter")
        self._until(lambda: len(self._records()) > len(before), "no answer came")
        self._until(lambda: READY in self._last_lines(), "the next prompt did not come")
        (new,) = set(self._records()) - before
        brief: dict[str, Any] = json.loads(new.read_text(encoding="utf-8"))["brief"]
        return brief

    def leave(self) -> str:
        """Type /quit and return what is on the screen then."""
        self._tmux("send-keys", "-l", "/quit")
        self._tmux("send-keys", "Enter")
        self._until(lambda: "--thread" in self.screen(), "the conversation did not end")
        return self.screen()

    def close(self) -> None:
        """End the pane's server."""
        subprocess.run(["tmux", "-S", str(self._socket), "kill-server"], check=False)

    def screen(self) -> str:
        """Return what is on the screen."""
        return self._tmux("capture-pane", "-p", "-J")

    def _last_lines(self) -> str:
        return "\n".join(self.screen().rstrip().splitlines()[-2:])

    def _records(self) -> list[Path]:
        return list((self._home / "runs").glob("*.json"))

    def _until(self, holds: Any, otherwise: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not holds():
            assert time.monotonic() < deadline, f"{otherwise}:\n{self.screen()}"
            time.sleep(0.05)

    def _tmux(self, *arguments: str) -> str:
        command = ["tmux", "-S", str(self._socket), "-u", "-f", "/dev/null", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stdout


def _earlier(typed: tuple[Typed, ...], place: int) -> set[str]:
    return {one.question.lower() for one in typed[:place]}


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    if shutil.which("tmux") is None:
        pytest.skip("there is no tmux on this machine to hold a terminal")
    home = tmp_path / "home"
    home.mkdir()
    pane = Terminal(tmp_path / "tmux", home, write_market(tmp_path / "toy"))
    yield pane
    pane.close()


@pytest.mark.proof
@pytest.mark.parametrize(("language", "typed"), [("en", ENGLISH), ("vi", VIETNAMESE)])
def test_thirty_questions_in_a_real_terminal(
    terminal: Terminal, language: str, typed: tuple[Typed, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(typed) == 30
    briefs = [terminal.ask(one.question) for one in typed]
    fetched = [brief["usage"]["tool_calls"] for brief in briefs]
    with capsys.disabled():
        print(f"\n{language}: {sum(fetched)} fetches in {len(typed)} questions")
        for one, brief, count in zip(typed, briefs, fetched, strict=True):
            print(f"  {count} ({one.fetches})  {brief['intent']:<12}  {one.question}")
    assert "Take this conversation up again with --thread" in terminal.leave()
    assert [brief["question"] for brief in briefs] == [one.question for one in typed]
    other = [brief["question"] for brief in briefs if brief["language"] != language]
    assert other == []
    assert all(brief["review"]["passed"] for brief in briefs)
    assert all(brief["markdown"].strip() for brief in briefs)
    assert len({brief["thread_id"] for brief in briefs}) == 1
    assert sum(fetched) <= sum(one.fetches for one in typed) + MORE_FETCHES
    again = [n for n, one in enumerate(typed) if one.question.lower() in _earlier(typed, n)]
    assert len(again) >= 4
    assert [fetched[n] for n in again] == [0] * len(again)
