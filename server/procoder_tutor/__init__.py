"""The tutor: one pipeline from a question about code to a checked answer.

Invariant: this package knows neither LSP nor HTTP frameworks; every front door drives the same
`Tutor`.
"""
