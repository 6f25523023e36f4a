"""An engine child that plays a part: run as a script, with a file that counts its starts.

It answers a prompt with the prompt's words; some words, and some paths of models, are commands.
"""

import json
import os
import signal
import sys
from pathlib import Path


def main() -> None:
    """Speak the protocol of procoder_model_host.messages, by hand."""
    starts = Path(sys.argv[1])
    starts.write_text(starts.read_text() + "x" if starts.exists() else "x")
    mode = Path(json.loads(sys.stdin.readline())["path"]).name
    crashes = {"crash once": 1, "crash thrice": 3}.get(mode, 0)
    if mode == "crash" or len(starts.read_text()) <= crashes:
        os.abort()
    if mode == "refuse":
        send(type="load_failed", reason="it is broken")
        return
    if mode != "hang":
        send(type="loaded", engine=f"scripted {mode}", context_window=64, chat_template=None)
    for line in sys.stdin:
        request = json.loads(line)
        if request["type"] == "generate":
            answer(request["id"], request["prompt"][0]["text"].split())


def answer(request_id: int, words: list[str]) -> None:
    """Give an answer, with noise that is no message."""
    sys.stdout.write("noise that is no message\n")
    send(type="accepted", id=request_id, prompt_tokens=1)
    for word in words:
        if word == "ABORT":
            os.abort()
        if word == "HANG":
            os.kill(os.getpid(), signal.SIGSTOP)
        if word == "EXIT":
            sys.exit(3)
        if word == "WAIT":
            while json.loads(sys.stdin.readline()) != {"type": "cancel", "id": request_id}:
                pass
            break
        send(type="delta", id=request_id, text=word)
    send(type="finished", id=request_id, finish_reason="stop", completion_tokens=1, decode_ms=1.0)


def send(**message: object) -> None:
    """Write one message."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
