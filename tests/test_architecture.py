"""The shape of the program, as ARCHITECTURE.md tells it: who may know whom, how long a thing may grow, what is said."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "grants_app"
MODULES = sorted(PACKAGE.rglob("*.py"))
MIGRATIONS = PACKAGE / "store" / "migrations"
LONGEST_MODULE, LONGEST_FUNCTION, LONGEST_DEV = 400, 40, 300
# Starting must not pay for these: each is imported where it is used.
SLOW_TO_IMPORT = ("PySide6", "alembic", "docx", "docxtpl", "hypothesis", "lxml", "openpyxl", "python_calamine", "typst")
UNKIND = re.compile(r"\b(please|sorry|oops|invalid|an error occurred)\b", re.IGNORECASE)

type_of_function = (ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"), filename=str(module))


def place(module: Path, line: int) -> str:
    return f"{module.relative_to(ROOT)}:{line}"


def dotted(module: Path) -> str:
    return ".".join(module.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end, without the docstring."""
    first = function.body[0]
    told = ast.get_docstring(function) is not None
    return function.end_lineno - function.lineno + 1 - (first.end_lineno - first.lineno + 1 if told else 0)


def undocumented(node: ast.AST, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], int]]:
    """Path and line of each public class, function and method that has no docstring of its own."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.ClassDef, *type_of_function)) or child.name.startswith("_"):
            continue
        if ast.get_docstring(child) is None and not is_setter(child):
            yield (*path, child.name), child.lineno
        if isinstance(child, ast.ClassDef):
            yield from undocumented(child, (*path, child.name))


def sayings(module: Path) -> Iterator[tuple[int, str]]:
    """Line and text of each string that may reach a screen: all but the docstrings of modules and functions.

    A class's docstring stays in: Refused and its kind show theirs.
    """
    nodes = list(ast.walk(tree(module)))
    told = {
        id(node.body[0].value)
        for node in nodes
        if isinstance(node, (ast.Module, *type_of_function)) and ast.get_docstring(node) is not None
    }
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def is_setter(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(by, ast.Attribute) and by.attr == "setter" for by in node.decorator_list)


def overrides(module: Path, path: tuple[str, ...]) -> bool:
    """Whether the method belongs to a class whose ancestors promise what it does, as Qt's and Record's do."""
    if len(path) < 2:
        return False
    owner = importlib.import_module(dotted(module))
    for name in path[:-1]:
        owner = getattr(owner, name)
    return any(path[-1] in vars(ancestor) for ancestor in owner.__mro__[1:])


def test_every_import_contract_is_kept():
    linter = Path(sys.executable).parent / "lint-imports"

    done = subprocess.run([linter, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_no_module_outside_the_window_loads_qt():
    names = [dotted(module) for module in MODULES if MIGRATIONS not in module.parents]
    windowless = [name for name in names if not re.match(r"grants_app\.(ui|app)\b", name)]
    code = (
        f"import importlib, sys\nfor name in {windowless!r}: importlib.import_module(name)\n"
        "print([name for name in sys.modules if name.partition('.')[0] in ('PySide6', 'shiboken6')])"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


def test_files_are_asked_for_in_one_place_where_no_dialog_looks_into_them():
    assert [m.name for m in MODULES if "QFileDialog" in m.read_text(encoding="utf-8")] == ["choosing.py"]


def test_the_command_line_starts_without_anything_slow():
    code = (
        "import grants_app.cli, grants_app.__main__, sys\n"
        f"print(sorted({{name.partition('.')[0] for name in sys.modules}} & set({SLOW_TO_IMPORT!r})))"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


def test_no_module_is_too_long():
    lengths = {module: len(module.read_text(encoding="utf-8").splitlines()) for module in [*MODULES, ROOT / "dev.py"]}
    limits = {ROOT / "dev.py": LONGEST_DEV}

    assert [
        f"{module.relative_to(ROOT)}: {lines} lines"
        for module, lines in lengths.items()
        if lines > limits.get(module, LONGEST_MODULE)
    ] == []


def test_no_function_is_too_long():
    assert [
        f"{place(module, node.lineno)} {node.name}: {length(node)} lines"
        for module in [*MODULES, ROOT / "dev.py"]
        for node in ast.walk(tree(module))
        if isinstance(node, type_of_function) and length(node) > LONGEST_FUNCTION
    ] == []


def test_every_module_opens_with_a_sentence_that_says_what_it_is_for():
    openings = {module: (ast.get_docstring(tree(module)) or "").partition("\n")[0] for module in MODULES}

    assert [
        str(module.relative_to(ROOT)) for module, opening in openings.items() if not re.search(r"\w.*[.:?]$", opening)
    ] == []


def test_every_public_name_says_what_it_promises():
    assert [
        f"{place(module, line)} {'.'.join(path)}"
        for module in MODULES
        if MIGRATIONS not in module.parents  # alembic calls upgrade() and downgrade(); each file's docstring says what
        for path, line in undocumented(tree(module))
        if not overrides(module, path)
    ] == []


def test_nothing_that_an_officer_may_read_blames_or_begs():
    texts = [(place(module, line), text) for module in MODULES for line, text in sayings(module)]
    texts += [
        (str(page.relative_to(ROOT)), page.read_text(encoding="utf-8"))
        for page in sorted((ROOT / "resources" / "help").glob("*.md"))
    ]

    assert [f"{where}: {UNKIND.search(text)[0]}" for where, text in texts if UNKIND.search(text)] == []


def test_the_lock_names_no_address_and_hashes_every_package():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    packages = re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)[1:]

    assert re.findall(r".*(?:://|--index-url|--find-links|@ file).*", lock) == []
    assert [package for package in packages if "==" not in package or "--hash=sha256:" not in package] == []


def test_the_lock_holds_every_package_that_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    locked = re.findall(r"^[A-Za-z0-9_.-]+", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)

    missing = {re.match(r"[A-Za-z0-9_.-]+", line)[0].lower() for line in asked} - {name.lower() for name in locked}
    assert missing == set()


@pytest.mark.parametrize("name", ["dev.py", ".ci/run"])
def test_no_script_names_an_address(name):
    assert re.findall(r"https?://|--(?:extra-)?index-url|--find-links", (ROOT / name).read_text(encoding="utf-8")) == []
