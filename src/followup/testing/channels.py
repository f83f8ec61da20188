"""The suite of checks that every channel must pass, as a class to subclass; and lifelike compositions.

    from followup.testing import ChannelConformance
    from followup_letter import LetterChannel

    class TestLetterChannel(ChannelConformance):
        channel = LetterChannel()

pytest then runs each check below; every one says what broke and how to mend it. This module needs no
pytest itself.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, get_args

import msgspec

from followup.channels import Channel, Composition, Direction, Limits
from followup.plan import Attachment, Draft, Finding
from followup.state import Person

__all__ = ["ChannelConformance", "composition", "reachable_person"]

INTENTS = (
    "answer", "ask-contact", "clarify", "congratulate", "connect", "correct", "decline", "feedback",
    "final", "inquiry", "keep-in-touch", "negotiate", "offer", "share", "thanks",
)  # fmt: skip

SHORT_BODY = (
    "Dear Dana Whitfield,\n\nThank you for your time. Is there any news about the position?\n\n"
    "Kind regards\nAna Souza"
)

HOSTILE_TEXTS: Mapping[str, str] = {
    "line breaks": "Dana\r\nBcc: all@initech.example\n\nDear Sir\u2028or\u2029Madam\x85",
    "control characters": "Da\x00na\x07 Whit\x1bfield\x7f",
    "turned directions": "Dana \u202egpj.exe\u202c \u2066Whitfield\u2069",
    "hidden characters": "Da\u200bna\u2060 Whit\ufefffield",
    "markup": "<script>alert(1)</script> [Dana](javascript:alert(1)) {{ 7 * 7 }} %0d%0a & \"'`",
    "an encoded word": "=?utf-8?q?Dana=0D=0ABcc:_all=40initech.example?=",
    "a list of addresses": "Whitfield, Dana <dana@initech.example>, all@initech.example; a@b.example",
    "half a character": "Dana \ud83d Whitfield",
    "emoji": "Dana \U0001f469\u200d\U0001f469\u200d\U0001f467 Whitfield \U0001f389" * 20,
    "one long word": "x" * 10_000,
    "10,000 characters": "Thank you for your time. " * 400,
}
"""What may stand in a name, title or text that came from outside, by what is wrong with it."""

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)
_EMPTY_SLOT = re.compile(r"\bNone\b|\{\{|\}\}|\bDear\s*,|\w +[,.](?:\s|$)|\w  +\w|\( *\)")
_LINK = re.compile(r"(?:https://|mailto:|tel:)[!-~]+")
_FILE_NAME = re.compile(r"[^\x00-\x1f\x7f/\\:*?\"<>|.][^\x00-\x1f\x7f/\\:*?\"<>|]{0,199}")
_WHERE = re.compile(r"subject|body(?::[1-9][0-9]*:[1-9][0-9]*)?")


def reachable_person(**fields: Any) -> Person:
    """A person with every address that there is; fields given replace it (`email=None` takes one away)."""
    lifelike = {
        "name": "Dana Whitfield",
        "role": "hiring manager",
        "email": "dana@initech.example",
        "phone": "+1 312 555 0142",
        "linkedin": "https://www.linkedin.com/in/dana-whitfield",
    }
    return Person(**{**lifelike, **fields})


def composition(**fields: Any) -> Composition:
    """A lifelike composition: an inquiry to the hiring manager. Fields given replace its own."""
    lifelike = {
        "key": "inquiry:r1:dana",
        "intent": "inquiry",
        "to": reachable_person(),
        "subject": "Data Engineer interview: following up",
        "body": SHORT_BODY,
        "sections": {
            "purpose": "I would like to ask whether there is any news about the Data Engineer position.",
            "short": "Thank you for our talk about the warehouse migration. I would be glad to connect.",
            "question": "How does the team split platform and product work?",
        },
        "facts": {
            "candidate": {"name": "Ana Souza", "email": "ana@souza.example", "phone": "+1 312 555 0188"},
            "company": {"name": "Initech"},
            "position": {"title": "Data Engineer"},
            "person": {"name": "Dana Whitfield", "role": "hiring manager"},
        },
    }
    return Composition(**{**lifelike, **fields})


class ChannelConformance:
    """Every check of a channel. Subclass it as `Test…`, name your `channel`, run pytest.

    `reachable` and `unreachable` are people whom it must, and must not, reach; the lifelike compositions
    go to the first reachable one. Set `rewords` for a channel that may say a message in other words.
    """

    channel: Channel
    reachable: Sequence[Person] = ()
    unreachable: Sequence[Person] = ()
    rewords: bool = False

    def test_it_has_all_of_a_channel(self) -> None:
        missing = sorted(name for name in _members() if not hasattr(self.channel, name))
        assert not missing, f"the channel has no {', '.join(missing)}; see `followup.channels.Channel`"

    def test_its_name_is_a_plain_word(self) -> None:
        name = self.channel.name
        assert _NAME.fullmatch(str(name)), (
            f"the name {name!r} cannot stand in rules; write small letters, digits and hyphens: `email`"
        )

    def test_its_label_is_one_line(self) -> None:
        label = str(self.channel.label)
        fits = bool(label) and label.strip() == label and label.isprintable()
        assert fits, f"the label {label!r} cannot be shown; write a short name on one line: `Email`"

    def test_its_direction_is_known(self) -> None:
        directions = get_args(Direction)
        assert self.channel.direction in directions, (
            f"the direction {self.channel.direction!r} is not known; write one of {', '.join(directions)}"
        )

    def test_its_limits_are_limits(self) -> None:
        limits = self.channel.limits
        assert isinstance(limits, Limits), f"limits is {_kind(limits)}; give `followup.channels.Limits`"
        for field, most in (("subject", limits.subject), ("body", limits.body)):
            assert most is None or (type(most) is int and most > 0), (
                f"limits.{field} is {most!r}; give a number of characters above 0, or None for no limit"
            )
        assert frozenset(map(str, limits.intents)) == limits.intents, (
            f"limits.intents is {limits.intents!r}; give a frozenset of intents, empty for all"
        )

    def test_its_address_field_belongs_to_a_person(self) -> None:
        field = self.channel.address_field
        assert field in ("", *Person.__struct_fields__), (
            f"address_field {field!r} is no field of a person; write one of "
            f"{', '.join(Person.__struct_fields__)}, or an empty text"
        )

    def test_reaches_answers_yes_or_no(self) -> None:
        for person in (*self._people(), Person()):
            first, second = self.channel.reaches(person), self.channel.reaches(person)
            assert type(first) is bool, f"reaches gave {_kind(first)}; answer True or False"
            assert first is second, (
                f"reaches gave {first}, then {second} for the same person; look at nothing but its fields"
            )

    def test_it_reaches_whom_it_should(self) -> None:
        for person in self.reachable:
            assert self.channel.reaches(person), (
                f"it does not reach {person}, who stands in `reachable`; widen reaches or mend the list"
            )

    def test_it_does_not_reach_whom_it_should_not(self) -> None:
        for person in self.unreachable:
            assert not self.channel.reaches(person), (
                f"it reaches {person}, who stands in `unreachable`; check the address more strictly"
            )

    def test_it_reaches_nobody_without_an_address(self) -> None:
        if self.channel.direction == "employer":
            assert not self.channel.reaches(Person()), (
                "it reaches a person of whom nothing is known; answer False where the address is missing"
            )

    def test_it_reaches_nobody_by_a_broken_address(self) -> None:
        field = self.channel.address_field
        for wrong, text in HOSTILE_TEXTS.items() if field else ():
            assert not self.channel.reaches(msgspec.structs.replace(Person(), **{field: text})), (
                f"it reaches a person whose {field} holds {wrong}; accept nothing but a whole, single address"
            )

    def test_compose_gives_a_frozen_draft(self) -> None:
        for what, _, draft in self._drafts():
            assert isinstance(draft, Draft), (
                f"{what}: compose gave {_kind(draft)}; give `followup.plan.Draft`"
            )
            assert type(draft).__struct_config__.frozen, (
                f"{what}: the draft can be changed; give a plain `Draft`"
            )
            texts = (draft.subject, draft.body, draft.open)
            kinds = [*(type(text) is str for text in texts), type(draft.attachments) is tuple]
            assert all(kinds), (
                f"{what}: a field of the draft has the wrong type; texts are str, attachments a tuple"
            )

    def test_compose_gives_the_same_draft_again(self) -> None:
        for what, given, draft in self._drafts():
            assert self.channel.compose(given) == draft, (
                f"{what}: the same composition gave two different drafts; use no clock, counter or chance"
            )

    def test_compose_leaves_its_composition_alone(self) -> None:
        for what, given in self._compositions():
            before = copy.deepcopy(given)
            self.channel.compose(given)
            assert given == before, f"{what}: compose changed the composition; copy what you want to change"

    def test_compose_works_in_threads(self) -> None:
        given = [composition for _, composition in self._compositions()] * 3
        alone = [self.channel.compose(composition) for composition in given]
        with ThreadPoolExecutor(8) as threads:
            together = list(threads.map(self.channel.compose, given))
        assert together == alone, (
            "drafts made in several threads differ from those made alone; keep nothing between calls"
        )

    def test_a_short_message_keeps_its_words(self) -> None:
        for what, given in self._lifelike() if not self.rewords else ():
            limit = self.channel.limits.body
            if limit is None or len(given.body) <= limit:
                lost = _words(given.body) - _words(self.channel.compose(given).body)
                assert not lost, (
                    f"{what}: the draft lost the words {', '.join(sorted(lost))}; carry the whole body, "
                    "or set `rewords` if this channel says it in its own words"
                )

    def test_drafts_keep_within_the_limits(self) -> None:
        limits = self.channel.limits
        for what, _, draft in self._drafts():
            for field, text, most in (
                ("subject", draft.subject, limits.subject),
                ("body", draft.body, limits.body),
            ):
                assert most is None or len(text) <= most, (
                    f"{what}: the {field} has {len(text)} characters and limits.{field} is {most}; "
                    "leave out whole sentences"
                )

    def test_the_subject_is_one_clean_line(self) -> None:
        for what, _, draft in self._drafts():
            found = re.search(r"[\t\n]", draft.subject) or _HIDDEN.search(draft.subject)
            assert not found, (
                f"{what}: the subject holds {_named(found)}; turn line breaks into spaces and take hidden "
                "characters out"
            )

    def test_the_body_hides_nothing(self) -> None:
        for what, _, draft in self._drafts():
            found = _HIDDEN.search(draft.body)
            assert not found, (
                f"{what}: the body holds {_named(found)}; take control and hidden characters out"
            )

    def test_the_link_opens_a_known_program(self) -> None:
        for what, _, draft in self._drafts():
            assert draft.open == "" or _LINK.fullmatch(draft.open), (
                f"{what}: open is {draft.open[:60]!r}; give https:, mailto: or tel: in percent-encoded "
                "ASCII, or an empty text"
            )

    def test_attachments_can_be_saved(self) -> None:
        drafts = [
            *self._drafts(),
            self._drafted("a hostile key", composition(key="../\u202e\r\n*:C:\\x" * 60)),
        ]
        for what, _, draft in drafts:
            assert all(isinstance(attachment, Attachment) for attachment in draft.attachments), (
                f"{what}: an attachment is no `followup.plan.Attachment`; give name, media type and text"
            )
            names = [attachment.name for attachment in draft.attachments]
            bad = [name for name in names if not _FILE_NAME.fullmatch(name)]
            assert not bad, (
                f"{what}: {bad[0][:60]!r} is no safe file name; keep letters, digits, `.`, `_`, `~` and `-`"
            )
            assert len(set(names)) == len(names), f"{what}: two attachments share a name; number them"

    def test_compose_needs_no_sections_or_facts(self) -> None:
        for what, given in self._bare():
            draft = self._drafted(what, given)[2]
            found = _EMPTY_SLOT.search(f"{draft.subject}\n{draft.body}")
            assert not found, (
                f"{what}: `{found[0]}` stands in the draft; leave out whole sentences whose fact is missing"
            )

    def test_drafts_can_be_written_as_json(self) -> None:
        for what, _, draft in self._drafts():
            try:
                again = msgspec.json.decode(msgspec.json.encode(draft), type=Draft)
            except (msgspec.MsgspecError, TypeError, UnicodeError) as error:
                raise AssertionError(
                    f"{what}: the draft cannot be written as JSON ({error}); take halves of characters out"
                ) from error
            assert again == draft, f"{what}: the draft reads differently after JSON; give a plain `Draft`"

    def test_review_gives_findings(self) -> None:
        strange = [(what, Draft(text, text)) for what, text in HOSTILE_TEXTS.items()]
        drafts = [(what, draft) for what, _, draft in self._drafts()]
        for what, draft in (("an empty draft", Draft("", "")), *strange, *drafts):
            findings = self.channel.review(draft)
            kinds = [type(findings) is tuple, *(isinstance(finding, Finding) for finding in findings)]
            assert all(kinds), (
                f"{what}: review gave {_kind(findings)}; give a tuple of `followup.plan.Finding`"
            )
            for finding in findings:
                assert finding.severity in ("error", "warning", "note"), (
                    f"{what}: a finding has severity {finding.severity!r}; say error, warning or note"
                )
                assert _WHERE.fullmatch(finding.where), (
                    f"{what}: a finding stands at {finding.where!r}; "
                    "write `subject`, `body` or `body:LINE:COLUMN`"
                )

    def test_a_lifelike_draft_passes_its_own_review(self) -> None:
        for what, given in self._lifelike():
            errors = [
                f.text for f in self.channel.review(self.channel.compose(given)) if f.severity == "error"
            ]
            assert not errors, (
                f"{what}: review refuses compose's own draft ({errors[0]}); mend one of the two"
            )

    def _people(self) -> tuple[Person, ...]:
        return (*self.reachable, *self.unreachable, reachable_person())

    def _intents(self) -> Sequence[str]:
        return sorted(self.channel.limits.intents) or INTENTS

    def _lifelike(self) -> Iterator[tuple[str, Composition]]:
        to = self._people()[0] if self.reachable else reachable_person()
        for intent in self._intents():
            yield (
                f"the intent `{intent}`",
                composition(key=f"{intent}:r1:dana", intent=intent, to=to, sections={}),
            )

    def _bare(self) -> Iterator[tuple[str, Composition]]:
        for what, given in self._lifelike():
            yield f"{what} without facts", msgspec.structs.replace(given, facts={})
            yield f"{what} without a recipient", msgspec.structs.replace(given, facts={}, to=None)

    def _hostile(self) -> Iterator[tuple[str, Composition]]:
        for intent in dict.fromkeys((self._intents()[0], *{"connect", "inquiry"} & set(self._intents()))):
            for what, text in HOSTILE_TEXTS.items():
                person = reachable_person(name=text)
                names = {name: {"name": text, "title": text, "phone": text} for name in _FACT_GROUPS}
                yield (
                    f"{what} in names",
                    composition(intent=intent, to=person, subject=f"About {text}", facts=names),
                )
                yield (
                    f"{what} in texts",
                    composition(
                        intent=intent, body=f"Dear {text},\n\n{text}", sections=dict.fromkeys(_SECTIONS, text)
                    ),
                )

    def _compositions(self) -> Iterator[tuple[str, Composition]]:
        yield from self._lifelike()
        yield from self._bare()
        yield from self._hostile()

    def _drafts(self) -> Iterator[tuple[str, Composition, Draft]]:
        for what, given in self._compositions():
            yield self._drafted(what, given)

    def _drafted(self, what: str, given: Composition) -> tuple[str, Composition, Draft]:
        try:
            return what, given, self.channel.compose(given)
        except Exception as error:
            raise AssertionError(
                f"{what}: compose raised {error!r}; give a draft of what is there, and let review complain"
            ) from error


_FACT_GROUPS = ("candidate", "company", "person", "position")
_SECTIONS = ("purpose", "question", "short")


def _members() -> Sequence[str]:
    methods = ("compose", "reaches", "review")
    return ("address_field", "direction", "label", "limits", "name", *methods)


def _kind(value: object) -> str:
    return f"{type(value).__name__} {value!r}"[:80]


def _named(found: re.Match[str] | None) -> str:
    return f"U+{ord(found[0]):04X}" if found else "nothing"


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))
