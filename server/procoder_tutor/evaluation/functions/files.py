"""Functions about files, processes and the environment."""

import csv
import json
import os
import subprocess
from pathlib import Path


def read_settings(path: Path) -> dict:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"{path} is not valid JSON") from error


def count_lines(filename):
    total = 0
    with open(filename) as file:
        for line in file:
            if line.strip():
                total += 1
    return total


def save_rows(filename, rows, header=None):
    with open(filename, "w", newline="") as file:
        writer = csv.writer(file)
        if header:
            writer.writerow(header)
        writer.writerows(rows)


def home_folder(name: str) -> str:
    base = os.environ.get("APP_HOME")
    if base is None:
        base = os.path.expanduser("~")
    return os.path.join(base, name)


def current_branch(folder="."):
    result = subprocess.run(
        ["git", "branch", "--show-current"], cwd=folder, capture_output=True, text=True
    )
    if result.returncode != 0:
        return None
    return result.stdout.strip()


def rename_all(folder: Path, old: str, new: str) -> int:
    renamed = 0
    for path in folder.glob(f"*{old}"):
        path.rename(path.with_suffix(new))
        renamed += 1
    return renamed


def first_existing(*candidates: Path) -> Path:
    for candidate in candidates:
        if candidate.exists():
            return candidate
    else:
        raise FileNotFoundError("none of the files exists")
