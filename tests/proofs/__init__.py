"""Proofs that take long: run by hand, and in a small form by the suite."""
