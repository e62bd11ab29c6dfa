"""Everything that is true without a language model: markets, measures, scoring, and the tools over them.

This package never imports ``agent``, ``prompts``, ``langgraph``, ``openai`` or ``slack_sdk``; a test keeps it so.
"""
