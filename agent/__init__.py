"""Everything that knows there is a language model or a reader."""
