"""The 360Giving Data Standard: its titles and facts, what goes out by it, and the check before it does.

giving_out.py is what others call; a path that the standard adds is a line or two in standard.py.
"""
