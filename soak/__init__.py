"""Checks that take long, or need a browser or a server."""
