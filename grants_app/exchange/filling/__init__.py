"""Writing into an officer's own workbook: rows under a template's headings, notes on cells; all else stays as it was.

templates.py and filling.py are what others call to fill one, notes.py to say what is wrong in it; what refers to rows
and must move with them is looked after in links.py, the package itself in parts.py.
"""
