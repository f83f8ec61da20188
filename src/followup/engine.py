"""The engine: scenarios and plugins loaded once, and then pure functions of a state and a moment.

All that an embedder calls stands here, each with what it takes and what it raises, so the file is a long one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from followup.drafting import Drafter
from followup.errors import FollowupError, Place, Problem, UsageError, did_you_mean
from followup.gathering import Origins, PathLike, gather, uncollected
from followup.glance import glance_at
from followup.history import History
from followup.judging import Judge
from followup.matching import compile_rules
from followup.moments import Instant, instant
from followup.planning import Planner
from followup.plugins import PluginInfo, Watch
from followup.releasing import text_for
from followup.resources import rules_folder
from followup.rules import Guard, Rule, Scenario
from followup.scheduling import Rules, Schedule, whole_schedule
from followup.vocabulary import Vocabulary

if TYPE_CHECKING:
    import click

    from followup.advice import Advice
    from followup.channels import Channel
    from followup.comparing import Comparison
    from followup.delivery import Deliverer
    from followup.events import Event
    from followup.explaining import Explanation
    from followup.hookspecs import Command, StoreKind
    from followup.keeping import KeptDraft
    from followup.languages import Language
    from followup.many import Source
    from followup.plan import Draft, Finding, Plan
    from followup.rule_schemas import Names
    from followup.simulating import Simulation
    from followup.state import InterviewState
    from followup.stories import Story
    from followup.why_not import WhyNot

__all__ = ["Engine"]


class Engine:
    """Loaded rules, guards, channels and reviews. Immutable; may be shared by threads; picklable.

    Make one with `Engine.load`.
    """

    def __init__(self, origins: Origins) -> None:
        self._origins = origins
        with uncollected():
            pack, registry = gather(origins)
            vocabulary = pack.vocabulary
            self._rules = Rules.of(pack.rules, pack.guards, vocabulary.channels, vocabulary.facts)
        self._pack, self._registry = pack, registry
        drafter = Drafter(pack.languages, vocabulary.facts)
        judge = Judge(vocabulary.facts, tuple(vocabulary.reviews.values()))
        self._planner = Planner(self._rules, drafter, judge, lambda: self.advice)

    @classmethod
    def load(
        cls,
        rules: PathLike | Iterable[PathLike] = (),
        *,
        settings: PathLike | None = None,
        builtin: bool = True,
        plugins: bool = True,
        deny: Iterable[str] = (),
        extra_plugins: Iterable[tuple[str, object]] = (),
        on_plugin_error: Literal["raise", "collect"] = "raise",
        watch_plugins: Watch | None = None,
        cache: PathLike | None = None,
    ) -> Engine:
        """Load the built-in scenarios, the installed plugins and more folders of scenarios.

        `rules` are folders that hold a `scenario.yaml`, or folders of such folders; `settings` is a
        settings file; without `builtin` no built-in scenario loads, and a language in `rules` stands in
        place of the built-in one; `deny` names plugins that are not imported; `extra_plugins` are pairs of a
        name and a plugin object; `watch_plugins` gives, for each plugin, a context manager that its code runs
        inside while it loads, to limit or measure it; `cache` is a folder that keeps the rules as they were
        loaded, for the next engine of the same files: without it nothing is written. Raises RuleError with
        every problem of every file, and PluginError when a plugin fails (unless `on_plugin_error` is
        `collect`: then `plugins` tells).
        """
        return cls(
            Origins(
                rules=(rules,) if isinstance(rules, (str, Path)) else tuple(rules),
                settings=settings,
                builtin=builtin,
                plugins=plugins,
                deny=tuple(deny),
                extra_plugins=tuple(extra_plugins),
                on_plugin_error=on_plugin_error,
                watch_plugins=watch_plugins,
                cache=cache,
            )
        )

    def __reduce__(self) -> tuple[Any, tuple[Origins]]:
        return Engine, (self._origins,)

    # What is loaded

    @property
    def rules(self) -> Mapping[str, Rule]:
        """The rules by name."""
        return MappingProxyType(dict(self._pack.rules))

    @property
    def guards(self) -> Mapping[str, Guard]:
        """The guards by name."""
        return MappingProxyType(dict(self._pack.guards))

    @property
    def switched_off(self) -> Mapping[str, Place]:
        """The rules and guards that an override switches off, by name, and where it stands."""
        return MappingProxyType(dict(self._pack.switched_off))

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        """The scenarios by name."""
        return MappingProxyType(dict(self._pack.scenarios))

    @property
    def languages(self) -> Mapping[str, Language]:
        """The languages by code."""
        return MappingProxyType({code: spoken.language for code, spoken in self._pack.languages.items()})

    @property
    def channels(self) -> Mapping[str, Channel]:
        """The channels by name."""
        return MappingProxyType(dict(self._pack.vocabulary.channels))

    @property
    def deliverers(self) -> Mapping[str, Deliverer]:
        """What can send by itself, by the channel that it serves. The engine calls none of them."""
        return self._registry.deliverers

    @property
    def stores(self) -> Mapping[str, StoreKind]:
        """The kinds of stores that plugins bring, by the scheme of their URLs. The engine opens none."""
        return self._registry.stores

    @property
    def vocabulary(self) -> Vocabulary:
        """All names that rules, messages and states may use."""
        return self._pack.vocabulary

    @property
    def plugins(self) -> tuple[PluginInfo, ...]:
        """What became of each plugin."""
        return self._registry.plugins

    @property
    def commands(self) -> tuple[Command | click.Command, ...]:
        """The commands that plugins bring; a `Command` is imported by its `load`."""
        return tuple(self._registry.commands.values())

    @cached_property
    def advice(self) -> Mapping[str, Advice]:
        """The catalogue of advice by id, which is read when it is first asked for."""
        from followup.advice import read_advice

        return MappingProxyType(dict(read_advice(rules_folder())))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is not wrong enough to refuse the rules."""
        return self._pack.warnings

    # What it does

    def read(self, source: PathLike | Mapping[str, Any] | bytes) -> InterviewState:
        """A state from a file, from plain dictionaries, or from the bytes of JSON or YAML.

        It may have the event types and facts of plugins. Raises StateError with every problem.
        """
        from followup.states import read_data, read_file, read_text

        if isinstance(source, bytes):
            return read_text(source, vocabulary=self.vocabulary).state
        if isinstance(source, Mapping):
            return read_data(source, self.vocabulary).state
        return read_file(source, self.vocabulary).state

    def plan(
        self,
        state: InterviewState,
        now: datetime,
        *,
        drafts: bool = True,
        reasons: bool = True,
        kept: Iterable[KeptDraft] = (),
        others: Iterable[InterviewState] = (),
    ) -> Plan:
        """What to do at `now`, an aware datetime, and why, and why not. Raises UsageError.

        `kept` are words of the person's own, which stand in the place of drafts and are reviewed as those
        are; words whose follow-up has changed since are not used, and block it. `others` are the other
        opportunities: a company or person of theirs does not belong into such words.
        """
        at = _aware(now)
        return self._planner.plan(state, at, drafts=drafts, reasons=reasons, kept=kept, others=others)

    def schedule(self, state: InterviewState, now: datetime) -> Schedule:
        """What a plan is made of, for tools that look inside: each follow-up with its window and guards.

        The drafts are not made, which may still block a follow-up. Raises UsageError.
        """
        return whole_schedule(state, _aware(now), self._rules)

    def match(self, state: InterviewState, now: datetime) -> tuple[str, ...]:
        """The names of the rules that may have something to say at `now`, in order; the cheapest question.

        Of these an awaited event has happened, and what is known and concerns nobody in particular does not
        rule out their `when`; whom it goes to, and what depends on time, is for `plan`. Raises UsageError.
        """
        return next(self.match_many([state], now))

    def match_many(self, states: Iterable[InterviewState], now: datetime) -> Iterator[tuple[str, ...]]:
        """What `match` gives of each state, in order. Raises UsageError."""
        at = _aware(now)
        there = now.astimezone(UTC)
        match = self._rules.awakening.matcher.match
        return (tuple(match(glance_at(state, there) or History(state, at))) for state in states)

    def compiled(self, rule: str | None = None) -> str:
        """The Python to which the conditions of all rules, or of one, are compiled. Raises UsageError."""
        if rule is None:
            return self._rules.awakening.matcher.source
        if rule not in self._pack.rules:
            raise self._no_rule(rule)
        return compile_rules({rule: self._pack.rules[rule]}, self.vocabulary.facts).source

    def plan_many(
        self,
        states: Iterable[Source],
        now: datetime,
        *,
        drafts: bool = True,
        reasons: bool = True,
        processes: int = 1,
    ) -> Iterator[Plan | FollowupError]:
        """The plan of each state, in order; a state that cannot be read or planned gives its error instead.

        `states` may also be what `read` takes. Raises UsageError, and FollowupError where one of several
        processes was ended from outside.
        """
        from followup.many import plan_many

        _aware(now)
        return plan_many(self, states, now, drafts=drafts, reasons=reasons, processes=processes)

    def explain(
        self, state: InterviewState, now: datetime, rule: str | None = None
    ) -> tuple[Explanation, ...]:
        """Why each rule (or the one named) proposes what it does, or nothing. Raises UsageError."""
        from followup.explaining import explain

        if rule is not None and rule not in self._pack.rules:
            raise self._no_rule(rule)
        names = [rule] if rule is not None else list(self._pack.rules)
        return explain(self._planner, state, _aware(now), names)

    def _no_rule(self, name: str) -> UsageError:
        if name in self._pack.switched_off:
            return UsageError(f"`{name}` is switched off, by {self._pack.switched_off[name].short}")
        return UsageError(f"no rule is named `{name}`; {did_you_mean(name, self._pack.rules)}")

    def why_not(self, state: InterviewState, now: datetime, rule: str, person: str | None = None) -> WhyNot:
        """Why a follow-up does not go out at `now`, in one paragraph, and what would change that.

        `rule` is a rule's name, of whose follow-ups the one nearest to going out is meant (`person`: the
        one to that person), or a follow-up's key. Raises UsageError.
        """
        from followup.why_not import why_not

        key = rule if ":" in rule else None
        name = rule.partition(":")[0]
        if name not in self._pack.rules:
            raise self._no_rule(name)
        if person is not None and person != "self" and person not in state.people:
            raise UsageError(f"no person has the id `{person}`; {did_you_mean(person, state.people)}")
        found = self._pack.rules[name]
        return why_not(self._planner, state, _aware(now), found, self.vocabulary, key=key, person=person)

    def simulate(
        self,
        state: InterviewState,
        now: datetime,
        until: datetime,
        *,
        events: Sequence[Event] = (),
        replies: Mapping[str, str] | None = None,
    ) -> Simulation:
        """The plan played forward to `until`: what is due is sent at its time, and `events` happen.

        `replies` says after how long a reply to a rule's message comes, such as
        `{"inquiry": "2 business days"}`. Raises UsageError.
        """
        from followup.simulating import simulate

        return simulate(self._planner, state, _aware(now), _aware(until), tuple(events), dict(replies or {}))

    @cached_property
    def stories(self) -> Mapping[str, Story]:
        """The stories that come with followup, by name."""
        from followup.stories import builtin_stories

        return MappingProxyType(dict(builtin_stories(self.vocabulary)))

    def read_stories(self, path: PathLike) -> Mapping[str, Story]:
        """The stories of a file, by name. Raises InputError with every problem."""
        from followup.stories import read_stories

        return read_stories(path, self.vocabulary)

    def compare(
        self,
        state: InterviewState,
        now: datetime,
        until: datetime | None = None,
        stories: Iterable[Story | str] = (),
        *,
        events: Sequence[Event] = (),
        watch: Callable[[str, datetime], None] | None = None,
    ) -> Comparison:
        """Stories played side by side from `now`; `events` happen in each of them.

        `stories` are names (`silence`, `reply on day 9`) or stories of your own; where none is given, the
        usual ones that make sense for the state. `until` is six weeks after `now` where not given. `watch`
        is told each story's name and the moment it has come to. Raises UsageError, and InputError for a
        story that does not fit the state.
        """
        from followup.comparing import after_six_weeks, compare
        from followup.stories import cast_all

        start = _aware(now)
        end = after_six_weeks(state, start) if until is None else _aware(until)
        return compare(
            self._planner,
            state,
            start,
            end,
            cast_all(stories, self.stories, state, start, self._rules, self.vocabulary),
            events=tuple(events),
            watch=watch,
        )

    def schema(self, name: str) -> dict[str, Any]:
        """The JSON Schema of a kind of file, with all names that this engine knows, for an editor.

        `name` is `scenario`, `state`, `settings`, `tests`, `policy` or `plan`. Raises UsageError.
        """
        from followup.schemas import NAMES, schema

        if name not in NAMES:
            raise UsageError(f"no schema is named `{name}`; {did_you_mean(name, NAMES)}")
        return schema(name, self.names)

    @property
    def names(self) -> Names:
        """All names that the files of this engine may use."""
        from followup.rule_schemas import Names

        says = {advice.id: advice.says for advice in self.advice.values()}
        return Names(self.vocabulary, self._pack.scenarios, says)

    def review(
        self,
        draft: Draft,
        state: InterviewState,
        *,
        intent: str,
        channel: str,
        to: str | None = None,
        now: datetime | None = None,
        key: str | None = None,
        language: str | None = None,
        others: Iterable[InterviewState] = (),
    ) -> tuple[Finding, ...]:
        """What the channel and the reviews find in a draft, edited perhaps. Raises UsageError.

        `key` is the follow-up whose draft it is, or `to` the id of the person that it goes to: then the
        reviews know the person, what was talked about, and the other drafts of the plan at `now` (where not
        given, at the last event). `language` is a code; without it the text tells. `others` are your other
        opportunities: a company or person of theirs does not belong into this draft.
        """
        text = text_for(
            draft,
            self.vocabulary,
            self.languages,
            intent=intent,
            channel=channel,
            to=to,
            key=key,
            language=language,
        )
        return self._planner.review(text, state, None if now is None else _aware(now), others)


def _aware(now: datetime) -> Instant:
    try:
        return instant(now)
    except (ValueError, AttributeError, TypeError):
        raise UsageError(
            "`now` must be an aware datetime; give it a time zone, such as `datetime.now(UTC)`"
        ) from None
