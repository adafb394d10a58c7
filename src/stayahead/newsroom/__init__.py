"""Keeps the service going: asks feeds, reads pages, lets the engine decide, commits, and tells readers.

Between the pure parts (`parse`, `extract`, `analyze`, `stories`) and the world: prepare → decide → commit → publish.
"""
