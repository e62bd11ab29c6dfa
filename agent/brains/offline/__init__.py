"""The built-in brain: no key, no network, no download. Imports no client and no scikit-learn.

A question is cleaned and split into words (`text`), its phrases are found (`matching`, `lexicon`,
`names`), it is cut into clauses with their sectors, tickers, series and windows (`clauses`,
`entities`, `windows`, `shocks`), and each clause becomes calls (`asks`, `wholes`, `calls`). What
leans on the turn before is read by `followups`, what needs no market by `dialogue`; where rules are
silent a small linear model (`classifier`, `guessing`) guesses, or the planner asks back.
"""

from agent.brains.offline.brain import OfflineBrain

__all__ = ["OfflineBrain"]
