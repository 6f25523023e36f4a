"""What the command `procoder` and `python -m procoder_cli` run.

An editor waits for `procoder lsp`, which therefore starts without the other commands.
"""

import sys

PROGRAM = "procoder"


def main() -> None:
    """Run the command that is named by the arguments of the process."""
    if sys.argv[1:2] == ["lsp"]:
        from procoder_cli.lsp import app as lsp_app

        lsp_app(sys.argv[2:], prog_name=f"{PROGRAM} lsp")
    else:
        from procoder_cli.main import app

        app(prog_name=PROGRAM)


if __name__ == "__main__":
    main()
