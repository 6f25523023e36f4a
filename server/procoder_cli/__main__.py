"""What the command `procoder` and `python -m procoder_cli` run.

An editor waits for `procoder lsp`, which therefore starts without typer and the other commands.
"""

import sys


def main() -> None:
    """Run the command that is named by the arguments of the process."""
    if sys.argv[1:2] == ["lsp"]:
        from procoder_cli.lsp import run

        sys.exit(run(sys.argv[2:]))
    from procoder_cli.main import app

    app(prog_name="procoder")


if __name__ == "__main__":
    main()
