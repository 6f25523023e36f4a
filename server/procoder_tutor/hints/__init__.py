"""Hints: a ladder from a question to the solution, in sentences of ours, from rules on the facts.

Invariant: no hint is written by a model, and no rung below the last shows the solution.
"""
