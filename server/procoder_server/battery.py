"""Whether the machine runs on its battery; False where that cannot be told."""

import subprocess
import sys
from pathlib import Path

_POWER_SUPPLIES = Path("/sys/class/power_supply")
_PMSET = ("/usr/bin/pmset", "-g", "batt")
_PATIENCE_SECONDS = 2.0


def on_battery() -> bool:
    """Ask the operating system; takes milliseconds and may start a process, so call it aside."""
    if sys.platform == "win32":
        return _windows_on_battery()
    if sys.platform == "darwin":
        return _macos_on_battery()
    return linux_on_battery(_POWER_SUPPLIES)


def linux_on_battery(supplies: Path) -> bool:
    """Tell by what the kernel lists (its ABI documentation, sysfs-class-power).

    A mains supply that is online decides; else a battery that discharges. Batteries of mice and
    keyboards, whose scope is `Device`, do not count.
    """
    discharging = False
    try:
        for supply in sorted(supplies.iterdir()):
            if _read(supply / "scope") == "Device":
                continue
            if _read(supply / "type") in {"Mains", "USB"} and _read(supply / "online") == "1":
                return False
            discharging |= _read(supply / "status") == "Discharging"
    except OSError:
        return False
    return discharging


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


def _macos_on_battery() -> bool:
    """Tell by the first line of `pmset -g batt`: Now drawing from 'Battery Power'."""
    try:
        said = subprocess.run(  # noqa: S603 - a fixed command
            _PMSET, capture_output=True, timeout=_PATIENCE_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return b"'Battery Power'" in said.stdout


if sys.platform == "win32":
    import ctypes

    class _PowerStatus(ctypes.Structure):
        """SYSTEM_POWER_STATUS of winbase.h."""

        _fields_ = (
            ("line", ctypes.c_ubyte),
            ("flag", ctypes.c_ubyte),
            ("percent", ctypes.c_ubyte),
            ("saver", ctypes.c_ubyte),
            ("seconds", ctypes.c_uint32),
            ("full_seconds", ctypes.c_uint32),
        )

    def _windows_on_battery() -> bool:
        status = _PowerStatus()
        told = ctypes.windll.kernel32.GetSystemPowerStatus(ctypes.byref(status))
        return bool(told) and status.line == 0
