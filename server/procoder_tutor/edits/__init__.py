"""Edits of the user's code: proposed only after the edited text has been checked.

Invariant: what a model wrote is an input like any other; an edit that does not keep what it was
not asked to change is not offered, and the reason is said.
"""
