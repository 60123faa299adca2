"""What comes in and goes out: workbooks, CSV, 360Giving files, the clipboard.

Coming in: `sources` makes tables of a file, `imports` brings tables in. Going out: `exporting` says what, `workbook`
and its neighbours write it; `giving` publishes, `filling` writes into an officer's own workbook.
"""
