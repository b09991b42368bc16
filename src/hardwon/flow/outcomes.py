"""How a session went: what a person said of it, else its reward, else what its events speak for.

What was inferred rests on one sign, the strongest there is, and its confidence is a stated degree that orders the signs; it was
not measured. An agent's own word that it is done is never a sign by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from hardwon.model import AnyEvent, Interruption, Report, Session, Utterance, Verification
from hardwon.model.outcomes import Label, Outcome

CORRECTED_LAST = 0.8
CORRECTED_THEN_REPORTED = 0.6
CHECK_RED = 0.7
STOPPED = 0.6
ABANDONED = 0.5
APPROVED = 0.7
TESTS_GREEN = 0.6
CHECK_GREEN = 0.5


def outcome(session: Session, events: Sequence[AnyEvent], label: Label | None = None) -> Outcome:
    """The outcome of a session: its label where it has one (`Store.labels` puts a person's before a reward), else inferred."""
    if label is not None:
        return Outcome(session.id, label.verdict, label.note, label.origin, 1.0)
    return infer(session, events)


def infer(session: Session, events: Sequence[AnyEvent]) -> Outcome:
    """The outcome that the events of a session speak for, with the reason and a stated confidence. Pure; sub-agents' events do
    not count. A session that still runs, or shows no sign, is unknown with confidence 0."""
    own = sorted((e for e in events if not e.sidechain), key=lambda e: e.ordinal)
    if session.status == "running":
        return Outcome(session.id, "unknown", "the session still runs")
    return (
        _by_correction(session, own)
        or _by_stop(session, own)
        or _by_red_check(session, own)
        or _by_approval(session, own)
        or _by_green_check(session, own)
        or _by_status(session)
        or Outcome(session.id, "unknown", "nothing tells how it went")
    )


def _last_words(own: Sequence[AnyEvent]) -> Utterance | None:
    return next((e for e in reversed(own) if isinstance(e, Utterance) and e.kind not in ("command", "pasted")), None)


def _by_correction(session: Session, own: Sequence[AnyEvent]) -> Outcome | None:
    last = _last_words(own)
    if last is None or last.kind not in ("correction", "rejection") or last.before not in ("report", "rejection"):
        return None
    if any(isinstance(e, Report) and e.done and e.ordinal > last.ordinal for e in own):
        reason = "the user's last words corrected a report; the agent then reported once more"
        return Outcome(session.id, "bad", reason, confidence=CORRECTED_THEN_REPORTED)
    return Outcome(session.id, "bad", "the user's last words corrected what was done", confidence=CORRECTED_LAST)


def _by_stop(session: Session, own: Sequence[AnyEvent]) -> Outcome | None:
    """The user stopped the agent, and neither words nor a report followed."""
    stop = next((e for e in reversed(own) if isinstance(e, Interruption)), None)
    if stop is None or any(isinstance(e, (Utterance, Report)) and e.ordinal > stop.ordinal for e in own):
        return None
    return Outcome(session.id, "bad", "the user stopped the agent, and nothing followed", confidence=STOPPED)


def _last_checks(own: Sequence[AnyEvent]) -> list[Verification]:
    """The last run of each kind of check whose outcome is known, in order."""
    last = {e.check: e for e in own if isinstance(e, Verification) and e.outcome in ("ok", "failed")}
    return sorted(last.values(), key=lambda e: e.ordinal)


def _by_red_check(session: Session, own: Sequence[AnyEvent]) -> Outcome | None:
    red = [e for e in _last_checks(own) if e.outcome == "failed"]
    if not red:
        return None
    return Outcome(session.id, "bad", f"the last {red[-1].check} check failed", confidence=CHECK_RED)


def _by_approval(session: Session, own: Sequence[AnyEvent]) -> Outcome | None:
    last = _last_words(own)
    if last is None or last.before != "report" or last.kind not in ("approval", "consent", "closing"):
        return None
    return Outcome(session.id, "good", "after a report the user agreed or asked to close the work", confidence=APPROVED)


def _by_green_check(session: Session, own: Sequence[AnyEvent]) -> Outcome | None:
    checks = _last_checks(own)
    if not checks or session.status == "interrupted":
        return None
    tested = any(e.check == "test" for e in checks)
    name = "test" if tested else checks[-1].check
    return Outcome(session.id, "good", f"the last {name} check passed", confidence=TESTS_GREEN if tested else CHECK_GREEN)


def _by_status(session: Session) -> Outcome | None:
    if session.status == "interrupted":
        return Outcome(session.id, "bad", "the session was interrupted", confidence=STOPPED)
    if session.status == "abandoned":
        return Outcome(session.id, "bad", "the session was abandoned", confidence=ABANDONED)
    return None
