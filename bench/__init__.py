"""Benchmarks of speed; each compares two things in one run, since machines differ and are shared."""
