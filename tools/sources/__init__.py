"""One file per provider, behind the one protocol of :mod:`tools.sources.base`."""
