"""Everything that knows there is a language model or a reader.

::

    from agent import ask
    brief = ask("Which sectors are rotating in?")

:func:`~agent.api.aask` is its asynchronous twin, and :func:`~agent.api.astream` yields how the
answer comes about before it comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agent.api import Step, aask, ask, astream
    from agent.brief.model import Brief

__all__ = ["Brief", "Step", "aask", "ask", "astream"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module's attributes are of any type
    """Import the front door only when it is used, so that importing a part stays cheap."""
    if name in {"ask", "aask", "astream", "Step"}:
        from agent import api

        return getattr(api, name)
    if name == "Brief":
        from agent.brief.model import Brief

        return Brief
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
