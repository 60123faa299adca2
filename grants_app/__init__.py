"""Grants Desk: what a team needs to run a small-grants programme, in one local file."""

__version__ = "0.1.0"
