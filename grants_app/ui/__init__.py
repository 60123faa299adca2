"""The window: everything that is seen, and the only package besides app that knows Qt.

A page for one more kind of record is a `Page` in `ui/pages`, listed in `ui/pages/__init__.py`; its form, table and
filters come from the fields.
"""

from grants_app.ui.immortal import hold_constants

hold_constants()  # before Qt does anything, in the window, in tests and in pictures alike
