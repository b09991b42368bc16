"""*What it notices*: a program refuses an option, a sub-command or a field that it does not have, in two or more pieces of work.

*Why it matters*: agents bring along what other versions and other programs know; what this machine's program knows is a fact.

*Example*: "unknown flag: --short" from `bd status`, in three sessions → `bd status` has no `--short`.

*When it is wrong*: a typo happens to anybody, once; so one piece of work is not enough, and the same name must be refused.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from hardwon.corpus import Corpus, Member
from hardwon.corpus.commands import scope_of
from hardwon.corpus.evidence import ordered, reference
from hardwon.model import Attempt, Finding, Rejection

NAME = "usage"
LEAST = 2


def analyse(corpus: Corpus) -> tuple[list[Finding], list[Rejection]]:
    """Options and sub-commands that a program does not have.

    Returns:
        findings of kind `knowledge`; rejections for those seen in one piece of work.
    """
    refused: dict[tuple[str, str, str], list[tuple[Member, Attempt]]] = defaultdict(list)
    for member in corpus.members:
        for attempt in member.attempts:
            if attempt.command is None or attempt.outcome != "failed" or attempt.harness_error:
                continue
            for diagnostic in attempt.diagnostics:
                if diagnostic.kind == "usage" and diagnostic.name:
                    scope = scope_of(member, attempt.command)
                    refused[(scope, attempt.command.program, diagnostic.name)].append((member, attempt))
    findings: list[Finding] = []
    rejections: list[Rejection] = []
    for (_, program, name), rows in sorted(refused.items()):
        outcome = _judge(corpus, program, name, rows)
        (findings if isinstance(outcome, Finding) else rejections).append(outcome)  # type: ignore[arg-type]
    return findings, rejections


def _judge(corpus: Corpus, program: str, name: str, rows: list[tuple[Member, Attempt]]) -> Finding | Rejection:
    sessions = sorted({m.id for m, _ in rows})
    keys = Counter(a.command.key for _, a in rows if a.command)
    where = next(iter(keys)) if len(keys) == 1 else program
    symptom = min((a.message for _, a in rows if a.message), key=lambda x: (len(x), x), default="")
    works, by = _instead(corpus, where, name)
    advice = f"; `{works}` worked in {by} sessions" if works else ""
    text = f'`{where}` here has no `{name}`: it answers "{symptom}"{advice}.'
    subject = f"usage:{where}:{name}"
    if corpus.lineage_count(sessions) < LEAST:
        return Rejection(text, "one_off", "seen in one piece of work", subject, tuple(sessions))
    return Finding(
        analyst=NAME,
        kind="knowledge",
        subject=subject,
        text=text,
        evidence=ordered([reference(corpus, m, a) for m, a in rows]),
        moment=f"command:{where}",
        symptom=symptom,
        facts={"refused": len(rows), "works": works},
        priority=float(corpus.lineage_count(sessions)),
    )


def _instead(corpus: Corpus, key: str, name: str) -> tuple[str, int]:
    """The shape (flags without values) in which the command worked in most sessions, and in how many (at least two)."""
    shapes: dict[str, set[str]] = defaultdict(set)
    for member in corpus.members:
        for attempt in member.attempts:
            command = attempt.command
            if command and command.key == key and attempt.outcome == "ok" and name not in (*command.flags, *command.operands):
                flags = sorted({f.split("=", 1)[0] for f in command.flags} - {"--help", "-h"})
                if flags:
                    shapes[" ".join([key, *flags])].add(member.id)
    best = min(shapes, key=lambda s: (-len(shapes[s]), len(s), s), default="")
    return (best, len(shapes[best])) if best and len(shapes[best]) >= LEAST else ("", 0)
