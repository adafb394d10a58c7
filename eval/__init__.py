"""Evaluations of quality against labels, with pinned floors."""
