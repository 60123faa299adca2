"""The one importer, whatever the file: a plan, where each column goes, whose each row is, a preview, one step.

importing.py is what others call, pasting.py for rows laid over a list. A kind of record that is found in a way of its
own gets a finder in finders.py; a way to know where a column goes is a method of Assigning.
"""
