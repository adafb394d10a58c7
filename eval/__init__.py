"""Evaluations: quality against labels, with pinned floors."""
