"""The claim parser behind :mod:`agent.brief.review`; imports facts and words, never a brain."""
