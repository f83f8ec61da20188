"""Differing: what a change of rules changes, in the rules themselves and in the plans of real states."""

from followup.differing.changes import FollowUpChange, Kind, StateDifference, compare_states
from followup.differing.courses import Course, courses
from followup.differing.rule_changes import KeyChange, RuleChange, rule_changes
from followup.differing.word_changes import WordChange, word_changes

__all__ = [
    "Course",
    "FollowUpChange",
    "KeyChange",
    "Kind",
    "RuleChange",
    "StateDifference",
    "WordChange",
    "compare_states",
    "courses",
    "rule_changes",
    "word_changes",
]
