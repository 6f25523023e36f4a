"""Engines: what evaluates tokens. One module per library; only it imports that library."""
