"""Explanations of many files: uploaded at once, made one after the other, kept as Markdown."""
