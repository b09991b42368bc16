"""What counts as an edit of code."""

from __future__ import annotations

import pytest

from hardwon.corpus.edits import code_edit, is_code, is_test
from hardwon.model import FileTouch


@pytest.mark.parametrize("path", ["src/cart.ts", "styles/app.css", "package.json", "db/001.sql", ".github/workflows/ci.yml"])
def test_code(path: str) -> None:
    assert is_code(path)


@pytest.mark.parametrize("path", ["CHANGELOG.md", "docs/logo.svg", "build/leftovers", "/tmp/note.py", "", ".env"])
def test_no_code(path: str) -> None:
    assert not is_code(path)


@pytest.mark.parametrize("path", ["tests/test_a.py", "src/a.test.ts", "spec/a_spec.rb", "pkg/a_test.go", "src/__tests__/a.ts"])
def test_tests(path: str) -> None:
    assert is_test(path)


@pytest.mark.parametrize("path", ["src/contest.py", "src/attestation.ts", "src/latest.go", "lib/inspect.rb"])
def test_no_tests(path: str) -> None:
    assert not is_test(path)


def touch(how: str, path: str = "src/a.py", worked: bool = True) -> FileTouch:
    return FileTouch(id="e", step="s", ordinal=0, path=path, how=how, worked=worked)  # type: ignore[arg-type]


def test_only_changes_that_worked_are_edits() -> None:
    assert [code_edit(touch(how)) for how in ("edit", "write", "delete", "read", "stage")] == ["src/a.py"] * 3 + [""] * 2
    assert code_edit(touch("edit", worked=False)) == ""
