"""The peer of many chats: llama.cpp's own server, from xllamacpp, until its input ends."""

import sys

import xllamacpp


def main(model: str, port: int, slots: int, threads: int, context: int) -> None:
    """Serve on loopback behind the key that comes on stdin; print the address when ready."""
    parameters = xllamacpp.CommonParams()
    parameters.model.path = model
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = port
    parameters.api_keys = [sys.stdin.readline().strip()]
    parameters.n_parallel = slots
    parameters.n_ctx = context
    parameters.cpuparams.n_threads = threads
    parameters.cpuparams_batch.n_threads = threads
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
