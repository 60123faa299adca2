"""The one importer, whatever the file: a plan, where each column goes, whose each row is, a preview, one step.

importing.py is what others call. A kind of record that is found in a way of its own gets a finder in finders.py.
"""
