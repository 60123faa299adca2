"""Files from outside as tables of cells: opened with distrust, their tables found, their cells read.

To read one more kind of file, add its opener to reading.py; one more layout of a table goes into layouts.py.
"""
