"""The model store: a catalogue, sources to fetch from, and what users add and correct."""
