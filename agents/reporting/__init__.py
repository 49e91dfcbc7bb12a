"""What came of it: per-problem outcomes, tables, pictures, TensorBoard runs and saved trees.

Nothing here decides anything: it works from solutions (`agents.base`), trees (`agents.search.tree`) and numbers.
"""
