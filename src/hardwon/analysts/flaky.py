"""*What it notices*: a check fails with one and the same test or line in two or more independent pieces of work, and passes when
it is run again with nothing changed in between.

*Why it matters*: an agent that does not know looks for a cause that is not there, or reports work as broken.

*Example*: `npm test` fails with "1) syncs the folder within two seconds" and passes at once when repeated, in three sessions
→ A lone failure of "1) syncs the folder within two seconds" in `npm test` comes and goes: run it again before you look for a
cause.

*When it is wrong*: something outside the session changed meanwhile (a service came up, another session edited a file). So the
same failure must come and go in several pieces of work, and whatever was run in between must be harmless.
"""

from __future__ import annotations

from collections import defaultdict

from hardwon.corpus import Corpus
from hardwon.corpus.commands import Commands, Form
from hardwon.corpus.recovered import Case, cases, cost, evidence, moment, symptom
from hardwon.model import Attempt, Finding, Rejection
from hardwon.shell.parse import parse
from hardwon.shell.programs import check_kind, is_probe
from hardwon.text.masks import mask

NAME = "flaky"
LEAST = 2
UNLIKELY = 0.1


def analyse(corpus: Corpus) -> tuple[list[Finding], list[Rejection]]:
    """Checks that fail and then pass, with nothing changed.

    Returns:
        findings of kind `knowledge`; rejections for those seen in one piece of work.
    """
    groups: dict[tuple[str, str, str], list[Case]] = defaultdict(list)
    for case in cases(corpus):
        if _unchanged(case):
            groups[(case.scope, case.recovery.worked_key, _failure(case))].append(case)
    findings: list[Finding] = []
    rejections: list[Rejection] = []
    commands = Commands(corpus)
    for (scope, key, name), group in sorted(groups.items()):
        line, _n = symptom(group)
        sessions = tuple(sorted({c.session for c in group}))
        tests = {d.name for c in group for d in c.failed.diagnostics if d.kind == "test"}
        name_of = tests.pop() if len(tests) == 1 else line
        text = f'A lone failure of "{name_of}" in `{key}` comes and goes: run it again before you look for a cause.'
        if not name or corpus.lineage_count(sessions) < LEAST:
            rejections.append(Rejection(text, "one_off", "seen in one piece of work", f"flaky:{key}:{name}", sessions))
            continue
        if gone := _gone(corpus, commands, scope, key, name):
            rejections.append(Rejection(text, "expired", gone, f"flaky:{key}:{name}", sessions))
            continue
        findings.append(
            Finding(
                analyst=NAME,
                kind="knowledge",
                subject=f"flaky:{key}:{name}",
                text=text,
                evidence=evidence(corpus, commands, group),
                moment=moment(group),
                symptom=line,
                facts={"keys": [key]},
                priority=cost(corpus, group),
            )
        )
    return findings, rejections


def _gone(corpus: Corpus, commands: Commands, scope: str, key: str, name: str) -> str:
    """Why the failure seems to be mended: had it gone on as before, so many later runs without it would be unlikely. Else ""."""
    runs = [(m.time(a) or 0, a.outcome == "failed" and _named(a, name)) for m, a, _ in commands.of([Form(key, scope)])]
    runs.sort()
    last = max((i for i, (_, failed) in enumerate(runs) if failed), default=0)
    failures, later = sum(failed for _, failed in runs[: last + 1]), len(runs) - last - 1
    chance = (1 - failures / (last + 1)) ** later
    return f"not seen in the last {later} runs, {failures} times in the {last + 1} before" if chance < UNLIKELY else ""


def _named(attempt: Attempt, name: str) -> bool:
    """Whether an attempt failed on the named test or line."""
    return name == mask(attempt.message)[0] or any(d.kind == "test" and d.name == name for d in attempt.diagnostics)


def _unchanged(case: Case) -> bool:
    """Whether a check was merely repeated: the same command (which tests it was asked for may differ), nothing but probes and
    other checks in between."""
    r, command = case.recovery, case.failed.command
    if command is None or r.failed_key != r.worked_key or check_kind(command) != "test":
        return False
    if set(r.added) - set(r.removed) and not set(r.removed) > set(r.added):
        return False
    return all(is_probe(c) or check_kind(c) in ("test", "lint", "types") for text in r.between for c in parse(text))


def _failure(case: Case) -> str:
    """What failed: the names of the tests, else the masked line."""
    tests = sorted({d.name for d in case.failed.diagnostics if d.kind == "test"})
    return tests[0] if len(tests) == 1 else mask(case.failed.message)[0]
