"""The REST front door: the tutor over HTTP, for the companion and for scripts."""
