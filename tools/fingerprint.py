"""Hashes of tables that depend on their rows alone: not on the process, and not on words that no row uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import hashlib
    from collections.abc import Sequence


def add_rows(
    digest: hashlib._Hash, table: pd.DataFrame, chosen: Sequence[bool] | pd.Series | None = None
) -> None:
    """Add the chosen rows, column by column; text as hashes of the words, so that no code depends on others."""
    rows = table if chosen is None else table[chosen]
    digest.update(f"{list(rows.columns)} {len(rows)}".encode())
    for name in rows.columns:
        values = rows[name]
        if isinstance(values.dtype, pd.CategoricalDtype):
            words = pd.util.hash_array(values.cat.categories.to_numpy(dtype=object))
            digest.update(words[values.cat.codes.to_numpy()].tobytes())
        else:
            digest.update(np.ascontiguousarray(values.to_numpy()).tobytes())
