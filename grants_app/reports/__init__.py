"""Reports: a function from a session and its parameters to a Document; then one module writes each format.

A new report is a function marked `@report` in a module of its own, listed in `catalogue.py`; a new kind of part is a
dataclass in `document.py` and a few lines in each `to_*.py`.
"""
