"""`python -m procoder_cli`: the same as the command `procoder`."""

from procoder_cli.main import app

if __name__ == "__main__":
    app(prog_name="procoder")
