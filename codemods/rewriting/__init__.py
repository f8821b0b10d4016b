"""How code changes: the kinds of rewrite, and edits as bytes."""
