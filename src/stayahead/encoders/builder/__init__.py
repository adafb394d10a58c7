"""Makes model directories from checkpoints, once, for `stayahead model`; a running service never comes here."""
