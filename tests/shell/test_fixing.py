"""Which forms of linters and formatters mend files."""

from __future__ import annotations

import pytest

from hardwon.shell.fixing import is_fixing
from hardwon.shell.parse import parse

MENDS = """
npx biome check --write src/a.ts
bunx biome format --write .
npm run lint:fix
pnpm format
make fmt
ruff check --fix .
ruff format src
black .
cargo fmt
gofmt -w main.go
npx prettier -w src
npx eslint --fix src
rubocop -a
terraform fmt
"""
LOOKS = """
npx biome check src/a.ts
npm run lint
npm run format:check
ruff check .
ruff format --check src
black --check .
cargo fmt --check
gofmt -l .
npx prettier --check src
npx eslint src
npm test
git commit -m fix
terraform fmt -check
go vet ./...
cargo clippy
"""


@pytest.mark.parametrize("line", MENDS.strip().splitlines())
def test_mends(line: str) -> None:
    assert is_fixing(parse(line)[0])


@pytest.mark.parametrize("line", LOOKS.strip().splitlines())
def test_only_looks(line: str) -> None:
    assert not is_fixing(parse(line)[0])
