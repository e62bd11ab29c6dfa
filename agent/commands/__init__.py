"""What the subcommands of ``sectorvane`` do, one module a command; ``chat.py`` only calls.

Each is a function that returns an exit status. Costly imports happen inside, so that ``--help`` is
quick.
"""

from __future__ import annotations
