"""What a model host and its clients agree on: addresses, wire messages, error codes.

Invariant: this package imports only the standard library, and it is the only package that
both sides of the HTTP boundary share.
"""
