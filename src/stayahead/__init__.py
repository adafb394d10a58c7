"""StayAhead: from the sources that you name to the stories that matter, as they unfold."""

__version__ = "0.1.0"
