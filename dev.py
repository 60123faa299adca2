"""What a newcomer runs: `python3 dev.py run`, `python3 dev.py test`. Each sets up what is missing, then does its job.

    run       open the window; without a display, make the sample's file, workbook and reports in out/
    test      lint, types and every test; what follows goes to pytest:  dev.py test -k undo
    check     lint, types and import contracts only
    bench     measure what was promised about speed
    screens   a picture of every page, light and dark, in out/screens
    fuzz      broken files, formulas in texts, and work ended at random moments:  dev.py fuzz files 1000
    lock      choose versions anew (--upgrade) and write requirements.lock

Set-up makes .venv from requirements.lock, whose every line has a hash. On Debian and Ubuntu it also installs the
system libraries that Qt needs if you are root, and else prints the line to type.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "set-up"
OUT = ROOT / "out"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")  # those that every locked package has a wheel for
HOLDERS = ("Anti-Tribalism Movement", "VotesforSchools", "Met-Track")  # the real ones of the sample programme

# The file that Qt loads, and the Debian package that holds it.
OFFSCREEN = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
}
WINDOW = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
}


def main() -> int:
    """Do what was asked; 0 when all went well."""
    command, rest = (sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else ("help", [])
    job = JOBS.get(command)
    if job is None:
        print(__doc__)
        return 0 if command in ("help", "-h", "--help") else 2
    if "{}.{}".format(*sys.version_info) not in PYTHONS and not is_set_up():
        return start_again_with(suitable_python())
    set_up()
    return job(rest)


# Jobs


def run(arguments: list[str]) -> int:
    """Open the window, or where there is no display make what the sample programme can show."""
    if has_display():
        install(*missing(WINDOW))
        return call(PYTHON, "-m", "grants_app", *arguments)
    print("There is no display, so here is the sample programme on paper.", flush=True)
    return write_sample()


def test(arguments: list[str]) -> int:
    """Lint, types, and every test: the import contracts are one of them."""
    failed = failures(LINT)
    if failed:
        print(f"\nNot clean: {', '.join(failed)} (above). The tests follow.\n", flush=True)
    code = call(PYTHON, "-m", "pytest", "-n", "auto", "--dist", "worksteal", *arguments)
    if code == 1:  # on a busy machine a window's test may want for time: what failed is run once more, alone
        print("\nOnce more, alone, what failed:")
        code = call(PYTHON, "-m", "pytest", "-n", "0", "--last-failed", *arguments)
    return max(code, 1 if failed else 0)


def check(_: list[str]) -> int:
    """Lint, types and import contracts."""
    failed = failures({**LINT, "import contracts": (PYTHON.parent / "lint-imports", "--no-logo", "--no-cache")})
    print(f"Not clean: {', '.join(failed)}." if failed else "Clean.", flush=True)
    return 1 if failed else 0


def bench(arguments: list[str]) -> int:
    """Measure what was promised about speed."""
    return call(PYTHON, "-m", "tests.bench", *arguments)


def screens(arguments: list[str]) -> int:
    """Take a picture of every page."""
    return call(PYTHON, "-m", "tests.screens", *arguments)


def fuzz(arguments: list[str]) -> int:
    """Break files, put formulas into texts, end work at random moments, and check what is left."""
    slow = 0 if arguments else call(PYTHON, "-m", "pytest", "-n", "auto", "-m", "slow")
    return call(PYTHON, "-m", "tests.fuzz", *arguments) or slow


def lock(arguments: list[str]) -> int:
    """Write requirements.lock for every system and Python that we serve."""
    how = ("--universal", "--generate-hashes", "--no-emit-index-url", "--no-header", "--python-version", PYTHONS[0])
    files = ("pyproject.toml", "--group", "dev", "--output-file", "requirements.lock")
    return call(PYTHON, "-m", "uv", "pip", "compile", "--quiet", *how, *files, *arguments)


JOBS = {each.__name__: each for each in (run, test, check, bench, screens, fuzz, lock)}
LINT: dict[str, tuple[object, ...]] = {
    "ruff check": (PYTHON, "-m", "ruff", "check", "--quiet", "--output-format", "concise"),
    "ruff format": (PYTHON, "-m", "ruff", "format", "--check", "--output-format", "concise"),
    "mypy": (PYTHON, "-m", "mypy", "--no-error-summary"),
}


def failures(checks: dict[str, tuple[object, ...]]) -> list[str]:
    """Names of the checks that found something; each prints what it found."""
    return [name for name, words in checks.items() if call(*words) != 0]


def write_sample() -> int:
    """Fill out/ with the sample's file, its workbook, a report on each named grant, and the director's page."""
    file = OUT / "sample.grants"
    for old in OUT.glob("sample.grants*"):
        old.unlink()
    OUT.mkdir(exist_ok=True)
    app("new", file, "--sample")
    app("export", file, "--to", OUT / "sample.xlsx")
    holders = {row["reference"]: row["name"] for row in listed(file, "organisations")}
    grants = [row["reference"] for row in listed(file, "grants") if holders.get(row["organisation"]) in HOLDERS]
    for grant in grants:
        app("report", file, "grant", "--grant", grant, "--to", OUT / f"grant-{grant}.pdf")
    app("report", file, "position", "--to", OUT / "position.pdf")
    made = [file, OUT / "sample.xlsx", *(OUT / f"grant-{grant}.pdf" for grant in grants), OUT / "position.pdf"]
    print("\nMade:", *(f"  {path.relative_to(ROOT)}  {path.stat().st_size // 1024:,} KB" for path in made), sep="\n")
    if len(grants) != len(HOLDERS):
        print(f"The sample should hold one grant to each of {', '.join(HOLDERS)}; it holds {len(grants)}.")
    return 0 if len(grants) == len(HOLDERS) else 1


def app(*arguments: object) -> None:
    """Run one command of the program; end here if it refuses."""
    words = [str(word) for word in arguments]
    print("grants-app", *(word.replace(f"{ROOT}{os.sep}", "") for word in words), flush=True)
    if call(PYTHON, "-m", "grants_app", *words) != 0:
        raise SystemExit(1)


def listed(file: Path, kind: str) -> list[dict[str, str]]:
    """What `grants-app list` knows of that kind."""
    words = [str(PYTHON), "-m", "grants_app", "list", str(file), kind, "--json"]
    rows: list[dict[str, str]] = json.loads(subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    return rows


# Set-up


def set_up() -> None:
    """See to the system's libraries, .venv and what it holds; at once where nothing changed since."""
    if is_set_up():
        return
    fresh = not works(PYTHON)
    install(*missing(OFFSCREEN), *(missing_venv() if fresh else []))
    if fresh:
        need(sys.executable, "-m", "venv", "--clear", VENV)
    print("Installing the packages of requirements.lock into .venv. The first time takes a few minutes.", flush=True)
    pip = (PYTHON, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check")
    need(*pip, "--require-hashes", "--requirement", "requirements.lock")
    need(*pip, "--no-deps", "--no-build-isolation", "--editable", ".")
    STAMP.write_text(fingerprint())


def is_set_up() -> bool:
    """Whether .venv holds what the lock and the project ask for now."""
    return PYTHON.exists() and STAMP.exists() and STAMP.read_text() == fingerprint()


def fingerprint() -> str:
    """Changes with whatever set-up depends on: the lock, the project's own part of pyproject.toml, the folder."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[tool.ruff]")[0]
    parts = (str(ROOT), project, (ROOT / "requirements.lock").read_text(encoding="utf-8"))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def suitable_python() -> str:
    """Another Python of this machine that every locked package has a wheel for; ends here if there is none."""
    for version in reversed(PYTHONS):
        words = ("py", f"-{version}") if os.name == "nt" else (f"python{version}",)
        if works(*words):
            code = "import sys; print(sys.executable)"
            found = subprocess.run([*words, "-c", code], check=True, stdout=subprocess.PIPE)
            return found.stdout.decode().strip()
    mine = ".".join(map(str, sys.version_info[:3]))
    raise SystemExit(f"Grants Desk needs Python {PYTHONS[0]} to {PYTHONS[-1]}; this is {mine}, and no other was found.")


def start_again_with(python: str) -> int:
    """Run this script once more under another Python."""
    return call(python, Path(__file__).resolve(), *sys.argv[1:])


def missing(libraries: dict[str, str]) -> list[str]:
    """The packages of those libraries that this Linux cannot load; where there is no apt-get, only said."""
    lacking = [name for name in libraries if sys.platform == "linux" and not loads(name)]
    if lacking and not shutil.which("apt-get"):
        print(f"Qt may not start: this system lacks {', '.join(lacking)}.", flush=True)
        return []
    return [libraries[name] for name in lacking]


def missing_venv() -> list[str]:
    """The package of the module that makes .venv, which Debian leaves out of Python."""
    has_it = importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv")
    return [] if has_it else ["python{}.{}-venv".format(*sys.version_info)]


def install(*packages: str) -> None:
    """Install Debian packages as root; anybody else gets the line to type."""
    if not packages:
        return
    line = ("apt-get", "install", "--yes", "--no-install-recommends", *packages)
    if not shutil.which("apt-get") or os.geteuid() != 0:
        typed = f"sudo apt-get update && sudo {' '.join(line)}"
        raise SystemExit(f"This machine lacks {', '.join(packages)}. Type this, then start again:\n\n    {typed}\n")
    print(f"Installing {', '.join(packages)}.", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (("apt-get", "update", "-qq"), (*line, "-qq")):
        done = subprocess.run(words, env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            raise SystemExit(f"“{' '.join(words)}” failed; its words are above.")


# Small things


def has_display() -> bool:
    """Whether a window can open here."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def loads(library: str) -> bool:
    """Whether the system finds the library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def works(*python: object) -> bool:
    """Whether that Python is there and of a version that we serve."""
    code = f"import sys; sys.exit('%d.%d' % sys.version_info[:2] not in {PYTHONS!r})"
    try:
        return subprocess.run([*map(str, python), "-c", code], stderr=subprocess.DEVNULL, check=False).returncode == 0
    except OSError:
        return False


def call(*words: object) -> int:
    """Run a program in the project's folder and give its exit code."""
    return subprocess.run([str(word) for word in words], cwd=ROOT, check=False).returncode


def need(*words: object) -> None:
    """Run a program that must succeed."""
    if call(*words) != 0:
        raise SystemExit(
            "Set-up stopped here; the reason is above. It goes on from this point when you start it again."
        )


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
