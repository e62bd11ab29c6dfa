"""Measuring the agent: does the review catch what is false, and does a brain plan the right calls.

:mod:`agent.evaluation.mutations` and what it is made of never import the reviewer or its words: who makes the
mistakes must not know how they are found.
"""

from __future__ import annotations

__all__ = ["evaluate"]

from agent.evaluation.report import evaluate
