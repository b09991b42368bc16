from __future__ import annotations

import pytest

from hardwon.model import SimpleCommand
from hardwon.shell import known, programs
from hardwon.shell.parse import parse


def command(text: str) -> SimpleCommand:
    return parse(text)[-1]


@pytest.mark.parametrize(
    ("text", "code", "meaning"),
    [
        ("npm test", 0, "ok"),
        ("npm test", 1, "failed"),
        ("grep x f", 1, "info"),
        ("grep x f", 2, "failed"),
        ("rg x", 1, "info"),
        ("diff a b", 1, "info"),
        ("diff a b", 2, "failed"),
        ("test -f x", 1, "info"),
        ("[ -f x ]", 1, "info"),
        ("which x", 1, "info"),
        ("command -v x", 1, "info"),
        ("git diff --quiet", 1, "info"),
        ("git diff", 1, "failed"),
        ("git merge-base --is-ancestor a b", 1, "info"),
        ("git merge a", 1, "failed"),
        ("gh pr checks 12", 8, "info"),
        ("gh pr view 12", 1, "failed"),
        ("jq -e .a f", 1, "info"),
        ("jq .a f", 5, "failed"),
        ("npm test | head", 141, "info"),
        ("npm test", 141, "failed"),
        ("npm test", 130, "info"),
        ("! npm test", 1, "info"),
        ("terraform plan -detailed-exitcode", 2, "info"),
        ("terraform plan", 2, "failed"),
        ("curl -f x", 22, "failed"),
    ],
)
def test_exit_meaning(text: str, code: int, meaning: str) -> None:
    assert programs.exit_meaning(command(text), code) == meaning


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("test", "npm test|pnpm test:unit|uv run pytest|python -m pytest x|rtk bun run test|make test|scripts/test.sh|bash scripts/test.sh|"
                 "cargo test|go test ./...|npx vitest run|./gradlew test|python manage.py test|mise run test|node --test|tox"),
        ("lint", "npm run lint:fix|ruff check .|npx eslint src|cargo clippy|scripts/check.sh|pre-commit run -a|biome check|make lint"),
        ("types", "tsc --noEmit|npx tsc|npm run typecheck|pnpm check-types|mypy src|uv run mypy src|cargo check|bun run type-check"),
        ("build", "npm run build|pnpm -r build|make|cargo build|docker compose build|node scripts/build.mjs|go build ./..."),
        ("format", "ruff format|prettier --check .|npx prettier -w .|cargo fmt|npm run format|make fmt"),
        (None, "git commit -m test|npm ci|npm run dev:test-server|grep test x|cat test.sh|ls build|tsc --version|python -c 'test'|"
               "npm run db:seed:test|cd test|npm run start|mkdir build|git checkout test|echo lint"),
    ],
)  # fmt: skip
def test_check_kind(kind: str | None, texts: str) -> None:
    assert {text: programs.check_kind(command(text)) for text in texts.split("|")} == dict.fromkeys(texts.split("|"), kind)


PREDICATES = [
    (programs.is_destructive,
     "rm -rf x|git reset --hard|git push -f|git push origin +main|git push origin :x|git stash|git clean -fd|git checkout -- x|"
     "git restore x|git branch -D x|psql -c 'drop table x'|kubectl delete pod x|docker compose down -v|docker system prune -f|"
     "terraform destroy|find . -delete|find . -exec rm {} ;|rsync --delete a b|kill -9 1|xargs rm -rf",
     "rm x|git reset x|git push|git stash list|git checkout main|git restore --staged x|git branch x|psql -c 'select 1'|kubectl get pods|"
     "docker compose down|find . -name x|chmod +x a|npm test|echo 'drop table x'"),
    (programs.is_installing,
     "npm ci|npm i x|pnpm add x|yarn|pip install x|python -m pip install x|uv sync|uv add x|cargo install x|go mod tidy|brew install x|"
     "npx playwright install|make deps|bundle install|apt-get install x",
     "npm test|pip list|uv run x|go test|make test|yarn test|git add x"),
    (programs.is_probe,
     "ls|cat x|git status|git log|git branch|gh pr view 1|which x|command -v x|node --version|sed -n 1p x|find . -name x|docker ps|npm ls",
     "rm x|sed -i s/a/b/ x|find . -delete|git commit|npm test|git branch x|python x.py|touch x"),
    (programs.is_setup, "cd x|export A=1|source x|sleep 1|true", "npm test|ls|git status"),
    (programs.is_bypassing, "git commit --no-verify -m x|git commit -n|HUSKY=0 git commit|SKIP=x git commit", "git commit|git push"),
]  # fmt: skip


@pytest.mark.parametrize(("predicate", "yes", "no"), PREDICATES, ids=lambda one: getattr(one, "__name__", ""))
def test_predicate(predicate, yes: str, no: str) -> None:
    expected = {**dict.fromkeys(yes.split("|"), True), **dict.fromkeys(no.split("|"), False)}
    assert {text: predicate(command(text)) for text in expected} == expected


def test_programs() -> None:
    assert programs.is_filter("tail")
    assert not programs.is_filter("python")
    assert programs.has_subcommands("git")
    assert programs.has_subcommands("make")
    assert not programs.has_subcommands("ls")
    assert not programs.has_subcommands("rtk")


def test_tables_do_not_contradict_each_other() -> None:
    assert not known.PLAIN & set(known.SUBCOMMANDS)
    assert not known.PLAIN & set(known.TARGETS)
    assert set(known.SECOND_LEVEL) <= set(known.SUBCOMMANDS)
    assert set(known.RUNS_PROGRAM) <= set(known.SUBCOMMANDS)
    assert set(known.SCRIPT_OF) <= set(known.SUBCOMMANDS)
