"""The model host: an HTTP parent that never loads a model, and an engine child that does."""
