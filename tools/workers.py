"""Where work that falls into independent parts runs: here, in processes of this machine, or on a Dask cluster.

A part is a function of plain data that knows nothing of where it runs, so that every way gives the same results in
the same order, to the last bit.
"""

from __future__ import annotations

import os
import socket
import warnings
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from tools.errors import SourceDownError, UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Task = TypeVar("Task")
Found = TypeVar("Found")
CONNECT_SECONDS = 10
INSTALL_SCALE = (
    'Install the extra scale (pip install -e ".[scale]" -c constraints.txt in a clone), '
    "or use --engine local."
)


@dataclass(frozen=True, kw_only=True)
class Workers:
    """Who does the work.

    Attributes
    ----------
    jobs
        Processes of this machine; 1 does everything in this one.
    scheduler
        Address of a Dask scheduler whose workers do the work instead; None: this machine.
    """

    jobs: int = 1
    scheduler: str | None = None

    def each(self, function: Callable[[Task], Found], tasks: Sequence[Task]) -> Iterator[Found]:
        """Yield the function's result for each task, in their order, each as soon as it and those before are done.

        Parameters
        ----------
        function
            A function of a module, so that another process can find it.
        tasks
            Values that can be sent to another process.

        Raises
        ------
        UnusableInputError
            When the cluster's library is not installed.
        SourceDownError
            When no scheduler answers at its address.
        """
        if self.scheduler is None and (self.jobs == 1 or len(tasks) < 2):
            for task in tasks:
                yield function(task)
            return
        from joblib import Parallel, delayed, parallel_config  # type: ignore[import-untyped]

        with ExitStack() as stack:
            if self.scheduler is None:
                n_jobs = min(self.jobs, len(tasks), os.cpu_count() or 1)
                # one thread for each process: two libraries must not share out the same cores
                backend: dict[str, Any] = {
                    "backend": "loky", "n_jobs": max(n_jobs, 2), "inner_max_num_threads": 1,
                }  # fmt: skip
            else:
                backend = {
                    "backend": "dask",
                    "client": stack.enter_context(_client(self.scheduler)),
                }
                # A market's past is large, and every worker needs it: there is nothing to do about it.
                stack.enter_context(warnings.catch_warnings())
                warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
            stack.enter_context(parallel_config(**backend))
            parallel = Parallel(return_as="generator")
            yield from parallel(delayed(function)(task) for task in tasks)


@contextmanager
def _client(scheduler: str) -> Iterator[Any]:
    """Connect to a scheduler for as long as the context lasts."""
    try:
        cluster = import_module("distributed")
    except ImportError as error:
        raise UnusableInputError(
            "the library of a Dask cluster", "none is installed", INSTALL_SCALE
        ) from error
    try:
        _knock(scheduler)
        client = cluster.Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError) as error:
        raise SourceDownError(
            f"No Dask scheduler answers at {scheduler}; start one with `dask scheduler`, "
            "or use --engine local."
        ) from error
    with client:
        yield client


def _knock(scheduler: str) -> None:
    """See that somebody listens: a client that was refused keeps asking, and complains when it is thrown away."""
    address = urlsplit(scheduler)
    if not address.hostname or not address.port:
        raise UnusableInputError(
            "the address of a Dask scheduler, tcp://HOST:PORT", repr(scheduler), "Mend --scheduler."
        )
    with socket.create_connection((address.hostname, address.port), timeout=CONNECT_SECONDS):
        pass
