"""The script that a newcomer runs first, on whatever machine and Python that may be."""

import ast
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "dev.py"


def started(*arguments, **environment):
    done = subprocess.run(
        [sys.executable, SCRIPT, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def dev():
    spec = importlib.util.spec_from_file_location("dev", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_without_a_command_it_says_what_there_is(dev):
    code, said, complaint = started(PYTHONUTF8="1")

    assert (code, said.strip(), complaint) == (0, dev.__doc__.strip(), "")
    assert [line.split()[0] for line in said.splitlines() if line.startswith("    ")] == list(dev.JOBS)


def test_a_command_that_it_does_not_know_is_wrong_usage(dev):
    code, said, _ = started("tset", PYTHONUTF8="1")

    assert (code, said.strip()) == (2, dev.__doc__.strip())


def test_an_older_python_can_read_it_and_so_be_told_what_is_needed():
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 7))


def test_a_python_that_serves_is_recognised_and_one_that_is_not_there_is_not(dev, tmp_path):
    assert dev.works(sys.executable)
    assert not dev.works(tmp_path / "python")


def test_set_up_is_due_again_when_the_lock_changes_or_the_folder_moves(dev, tmp_path):
    before = dev.fingerprint()
    for name in ("pyproject.toml", "requirements.lock"):
        (tmp_path / name).write_bytes((SCRIPT.parent / name).read_bytes())
    dev.ROOT = tmp_path
    moved = dev.fingerprint()
    with (tmp_path / "requirements.lock").open("a") as lock:
        lock.write("\n")

    assert len({before, moved, dev.fingerprint()}) == 3


def test_a_change_of_lint_rules_alone_needs_no_new_set_up(dev, tmp_path):
    for name in ("pyproject.toml", "requirements.lock"):
        (tmp_path / name).write_bytes((SCRIPT.parent / name).read_bytes())
    dev.ROOT = tmp_path
    before = dev.fingerprint()
    with (tmp_path / "pyproject.toml").open("a") as project:
        project.write("\n[tool.other]\n")

    assert dev.fingerprint() == before


def test_whoever_may_not_install_gets_the_line_to_type(dev, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))  # no apt-get here

    with pytest.raises(SystemExit, match=r"sudo apt-get update && sudo apt-get install .* libegl1 libgl1\n"):
        dev.install("libegl1", "libgl1")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt brings what it needs")
def test_a_library_that_is_missing_without_apt_is_named(dev, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))

    packages = dev.missing({"libc.so.6": "libc6", "libnowhere.so.9": "libnowhere9"})

    assert packages == []
    assert capsys.readouterr().out == "Qt may not start: this system lacks libnowhere.so.9.\n"
