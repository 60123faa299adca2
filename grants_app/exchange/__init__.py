"""What comes in and goes out: workbooks, CSV, 360Giving files, the clipboard.

To read one more kind of file, add its opener to reading.py; to write one more, let its writer take the Columns of
shapes.py.
"""
