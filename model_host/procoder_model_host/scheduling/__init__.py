"""Who is served when: the queue, shared runs, the engine child and its supervision, switching."""
