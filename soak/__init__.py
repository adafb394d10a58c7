"""Soak: what is long, or needs a browser or a server."""
