"""What is made of events: references, findings, rules, skills, installations."""

from __future__ import annotations

from typing import Any, Literal

from hardwon.model.trajectory import Value

RuleKind = Literal["error_recovery", "correction", "repeated_ask", "workflow", "knowledge", "structure"]
Scope = Literal["person", "project", "machine", "agent"]
SkillType = Literal["workflow", "prompt", "domain", "mcp"]
SkillState = Literal["proposed", "accepted", "discarded"]


class Reference(Value, frozen=True):
    """An address with a verbatim quote. For kind `step`, address is `session-id#step-id`. `hash`: keyed hash of the raw span."""

    kind: Literal["step", "label", "artifact", "commit", "file"]
    session: str
    step: str
    quote: str
    role: Literal["supports", "counters", "illustrates"] = "supports"
    time: int | None = None
    hash: str = ""
    run: int | None = None


class Lineage(Value, frozen=True):
    """Sessions that are one piece of work, and so one vote. days: UTC dates (YYYY-MM-DD) on which it was active."""

    id: str
    sessions: tuple[str, ...]
    reason: str = ""
    days: tuple[str, ...] = ()


class Standing(Value, frozen=True):
    """A single instruction that is already there. line: 1-based in the file (0: not known); source: disk or transcript. raw: the
    file's own lines, context: the sentence that leads up to it ("At the end of a task, run:"), against: it shows how *not* to do
    it. project: "" for what speaks to a person's every project. since: UTC date from which it is known to have stood there, ""
    where nothing tells."""

    path: str
    line: int
    text: str
    scope: Scope = "project"
    agent: str = ""
    hash: str = ""
    source: Literal["disk", "transcript"] = "disk"
    raw: str = ""
    context: str = ""
    against: bool = False
    project: str = ""
    since: str = ""


class Finding(Value, frozen=True):
    """What one analyst proposes: an imperative text with its evidence. `subject` names what it is about in a canonical form (a
    command key, a fingerprint id, a set of stems) and is the identity that survives re-mining; `moment` is the moment of use (the
    program, path prefix or verb at which the rule matters), by which rules are grouped into skills. `asks`: the user's own words
    that call for it, most frequent first. `facts`: the counts behind the text, for templates and `why`."""

    analyst: str
    kind: RuleKind
    subject: str
    text: str
    evidence: tuple[Reference, ...]
    moment: str = ""
    asks: tuple[str, ...] = ()
    symptom: str = ""
    scope: Scope = "project"
    project: str = ""
    priority: float = 0.0
    facts: dict[str, Any] = {}
    pattern: dict[str, Any] | None = None
    caution: str = ""


class Rejection(Value, frozen=True):
    """A candidate that did not become a rule, with the gate it failed and why."""

    text: str
    reason: Literal[
        "one_off",
        "no_gain",
        "generic",
        "harness",
        "origin",
        "contradicted",
        "duplicate",
        "standing",
        "expired",
        "rejected",
        "unproven",
        "capacity",
        "transient",
    ]
    detail: str = ""
    subject: str = ""
    sessions: tuple[str, ...] = ()


class Rule(Value, frozen=True):
    """A merged finding that passed the gate. support counts sessions, lineages and days; counter counts sessions against it.
    since, last: UTC dates. `mark` is the one number that decides, as shown behind the rule."""

    id: str
    text: str
    kind: RuleKind
    evidence: tuple[Reference, ...]
    basis: Literal["tested", "judged"] = "judged"
    status: Literal["observed", "significant", "replicated"] = "observed"
    tier: Literal["core", "guidance", "edge"] = "guidance"
    scope: Scope = "project"
    project: str = ""
    condition: str = ""
    since: str = ""
    last: str = ""
    priority: float = 0.0
    support: int = 0
    lineages: int = 0
    days: int = 0
    counter: int = 0
    mark: str = ""
    moment: str = ""
    symptom: str = ""
    asks: tuple[str, ...] = ()
    caution: str = ""
    analysts: tuple[str, ...] = ()
    standing: dict[str, Any] | None = None
    pattern: dict[str, Any] | None = None
    statistics: dict[str, Any] | None = None
    subject: str = ""
    facts: dict[str, Any] = {}


class Skill(Value, frozen=True):
    """A skill in one version, as the library keeps it. trigger is the SKILL.md description."""

    name: str
    version: str
    state: SkillState
    type: SkillType
    title: str
    trigger: str
    rules: tuple[Rule, ...]
    project: str = ""
    scope: Scope = "project"
    sessions: int = 0
    created: str = ""


class Installation(Value, frozen=True):
    """A copy of a skill that Hardwon put somewhere. hash: of the folder's content as installed."""

    skill: str
    version: str
    path: str
    scope: Literal["project", "user"]
    hash: str
    kind: Literal["folder", "section"] = "folder"
    agent: str = ""
    created_paths: tuple[str, ...] = ()
