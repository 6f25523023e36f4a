"""The peer of the host: ctransformers alone, token ids on stdin, timings on stdout."""

import json
import sys
import time

from ctransformers import LLM
from ctransformers.llm import Config


def main(path: str, threads: int, context: int) -> None:
    """Answer each line `[tokens, max_tokens, batch]` with `[ms to first token, tokens/s]`."""
    config = Config(context_length=context, threads=threads)
    model = LLM(path, "gguf", config=config)
    for line in sys.stdin:
        tokens, max_tokens, batch = json.loads(line)
        started = time.perf_counter()
        first = 0.0
        stream = model.generate(
            tokens, top_k=1, temperature=0, repetition_penalty=1.0, batch_size=batch
        )
        count = 0
        for count, _ in enumerate(stream, start=1):
            first = first or time.perf_counter()
            if count == max_tokens:
                break
        rate = (count - 1) / (time.perf_counter() - first)
        print(json.dumps([(first - started) * 1000, rate]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
