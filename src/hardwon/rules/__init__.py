"""Findings into rules: merge what says the same, count its support, let it through the gate or say which gate it failed."""

from hardwon.rules.make import Known, Memory, RuleSet, make
from hardwon.rules.tasks import TaskGroup, group

__all__ = ["Known", "Memory", "RuleSet", "TaskGroup", "group", "make"]
