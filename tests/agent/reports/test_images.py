"""Images: crisp, marked, and made of any market; a plain refusal where they cannot be drawn."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agent.reports import images
from agent.reports.drawing import canvas, measured
from agent.reports.palette import LIGHT
from tests.agent.brief import requests
from tests.agent.reports.briefs import HOSTILE, made, market_of, renamed, report
from tools.errors import UnusableInputError

ROOT = Path(__file__).resolve().parents[3]
NEEDS = "Matplotlib is not installed"


def size(png: bytes) -> tuple[int, int]:
    """Return width and height by the image's own header."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


class TestDrawing:
    @pytest.fixture(autouse=True)
    def _needs_matplotlib(self) -> None:
        pytest.importorskip("matplotlib", reason=NEEDS)

    @pytest.mark.parametrize("count", [1, 3, 25])
    def test_a_heatmap_has_a_row_a_sector_at_twice_the_shown_width(self, count: int) -> None:
        one = market_of(count)
        width, height = size(images.heatmap_png(one.brief, one.data))
        assert width == 1440
        assert height == 2 * (82 + 26 + 32 * count + 30)

    @pytest.mark.parametrize("count", [1, 3, 25])
    def test_the_rotation_chart_has_one_size(self, count: int) -> None:
        assert size(images.rotation_png(market_of(count).data.rotation)) == (1440, 1308)

    def test_a_brief_alone_makes_a_heatmap(self) -> None:
        assert size(images.heatmap_png(report("vi").brief))[0] == 1440

    def test_names_of_any_script_and_length_are_drawn_without_a_warning(self) -> None:
        one = renamed((*HOSTILE[:2], "非必需消费品 🏦", "Điện, nước & xăng dầu khí đốt " * 6))
        assert size(images.heatmap_png(one.brief, one.data))[0] == 1440
        assert size(images.rotation_png(one.data.rotation))[0] == 1440

    def test_every_number_of_a_heatmap_keeps_to_its_cell(self) -> None:
        # As many characters each, and not as wide.
        numbers = ["-12.5%", "+17.0%", "-11.1%"]
        with canvas(100) as drawn:
            found = images._fitting(drawn, numbers, 13, 40)
            widths = [measured(drawn, number, found) for number in numbers]
        assert found < 13
        assert max(widths) == pytest.approx(40, abs=0.5)

    def test_generated_data_are_marked_in_the_picture(self) -> None:
        from matplotlib import image

        request = requests.request_of()
        real, simulated = (made(request, simulated=flag).brief for flag in (False, True))
        marked, plain = (
            image.imread(io.BytesIO(images.heatmap_png(brief))) for brief in (simulated, real)
        )
        sign = tuple(int(LIGHT.low[i : i + 2], 16) for i in (1, 3, 5))
        corner = [
            ((picture[:130, 900:, :3] * 255).round() == sign).all(axis=2).sum()
            for picture in (marked, plain)
        ]
        assert corner[0] > 2000
        assert corner[1] == 0

    def test_the_same_brief_makes_the_same_image(self) -> None:
        one = report()
        first = images.heatmap_png(one.brief, one.data)
        assert first == images.heatmap_png(one.brief, one.data)

    def test_a_brief_without_a_heatmap_is_refused(self) -> None:
        with pytest.raises(UnusableInputError, match="an answer with a heatmap"):
            images.heatmap_png(made(requests.narrow("macro")).brief)
        with pytest.raises(UnusableInputError, match="sector rotation"):
            images.rotation_png(None)


class TestShades:
    def test_ends_and_middle_are_the_palette(self) -> None:
        assert images.shade(-2.0) == LIGHT.far_below
        assert images.shade(0.0) == LIGHT.even
        assert images.shade(2.0) == LIGHT.far_above
        assert images.shade(1.0) == LIGHT.above


def run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_without_matplotlib_the_refusal_says_what_installs_it() -> None:
    program = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from pathlib import Path\n"
        "from agent.terminal.output import check_out\n"
        "try: check_out(Path('x.png'))\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    said = run(program)
    assert said.startswith("UnusableInputError")
    assert "pip install 'sectorvane[images]'" in said


def test_an_answer_in_a_terminal_loads_nothing_that_reports_need() -> None:
    program = (
        "import sys, agent.commands.answer, agent.conversation, agent.brief.terminal\n"
        "wanted = {'matplotlib', 'plotly', 'jinja2', 'agent.reports'}\n"
        "print(sorted(name for name in sys.modules if name in wanted))"
    )
    assert run(program) == "[]"


def test_several_threads_draw_the_same_images() -> None:
    pytest.importorskip("matplotlib", reason=NEEDS)
    briefs = [report().brief, market_of(3).brief] * 3
    alone = [images.heatmap_png(brief) for brief in briefs[:2]] * 3
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(images.heatmap_png, briefs)) == alone
