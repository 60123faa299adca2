"""Filling an officer's own template: rows go in under its headings, and everything else stays as it was.

templates.py is what others call; what refers to rows and must move with them is looked after in links.py.
"""
