"""Which opportunity a mail is about: by what it answers, then its addresses, then its domain, then the name.

Two opportunities that a mail fits alike are never chosen between: both are given, and a person is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from followup.evidence import MailFinding
from followup.history import address_of
from followup.store.folding import Opportunity

__all__ = ["Match", "is_own", "matches", "person_of"]

SHARED_DOMAINS = frozenset((
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com",
    "ymail.com", "icloud.com", "me.com", "mac.com", "aol.com", "gmx.de", "gmx.net", "gmx.com", "gmx.at",
    "web.de", "t-online.de", "freenet.de", "posteo.de", "mailbox.org", "proton.me", "protonmail.com",
    "pm.me", "fastmail.com", "zoho.com", "mail.com", "mail.ru", "yandex.ru", "qq.com", "163.com",
    "orange.fr", "free.fr", "wanadoo.fr", "laposte.net", "libero.it", "greenhouse.io",
    "greenhouse-mail.io", "lever.co", "hire.lever.co", "ashbyhq.com", "myworkday.com",
    "smartrecruiters.com", "icims.com", "jobvite.com", "workablemail.com", "workable.com", "bamboohr.com",
    "teamtailor-mail.com", "personio.de", "recruitee.com", "linkedin.com", "indeed.com", "calendly.com",
    "zoom.us", "google.com", "microsoft.com",
))  # fmt: skip
"""Domains whose addresses belong to many companies: people's own mail, recruiting and calendar services."""
SHORTEST_NAME = 3
LEGAL_FORM = re.compile(
    r"[,\s]+(inc|incorporated|ltd|limited|llc|llp|plc|corp|corporation|co|company|gmbh|ag|se|kg|ug|mbh|sa|sas"
    r"|sarl|srl|bv|nv|ab|oy|as|aps|pty|group|holding|e\.?v)\.?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Match:
    """An opportunity that a mail may be about, and who there is meant. `why` says by what it is known."""

    opportunity: str
    person: str | None
    sure: bool
    why: str


def is_own(finding: MailFinding, opportunities: Iterable[Opportunity]) -> bool:
    """Whether the candidate wrote the mail."""
    opportunities = tuple(opportunities)
    sender = address_of(finding.sender)
    own = {address_of(str(each.data["candidate"].get("email") or "")) for each in opportunities}
    if any(each.kind == "answer" for each in finding.invitations):
        # Your own yes or no, as a calendar file without a sender.
        return all(address_of(a.address) in own for each in finding.invitations for a in each.attendees)
    if finding.bounced or not sender:
        return False
    # People write from several addresses, and under one name.
    names = {_plain(str(each.data["candidate"]["name"])) for each in opportunities}
    namesake = any(person_of(finding.sender, each) for each in opportunities)
    return sender in own or (_plain(finding.sender_name) in names and not namesake)


def matches(finding: MailFinding, opportunities: Mapping[str, Opportunity]) -> tuple[Match, ...]:
    """The opportunities that a mail may be about; one that is sure, or several of which none is."""
    kept = tuple(opportunities.values())
    for by in (_by_uid, _by_thread, _by_address, _by_domain, _by_name):
        found = {match.opportunity: match for match in by(finding, kept)}
        if found:
            return _narrowed(finding, tuple(found.values()), opportunities)
    return ()


def _narrowed(
    finding: MailFinding, found: Sequence[Match], opportunities: Mapping[str, Opportunity]
) -> tuple[Match, ...]:
    still_open = [match for match in found if not opportunities[match.opportunity].retired]
    found = still_open or found
    if len(found) > 1:
        words = _plain(_words_of(finding))
        keys: tuple[Callable[[Mapping[str, Any]], str], ...] = (
            lambda data: data["position"]["title"],
            lambda data: _short(data["company"]["name"]),
        )
        for key in keys:
            named = {m.opportunity: _plain(key(opportunities[m.opportunity].data)) for m in found}
            # A title within a longer one (“Engineer”, “Data Engineer”) is no name of its own.
            told = [m for m in found if _says(words, named[m.opportunity])]
            longest = [
                m
                for m in told
                if not any(named[m.opportunity] in named[o.opportunity] for o in told if o is not m)
            ]
            if len(longest) == 1:
                name = key(opportunities[longest[0].opportunity].data)
                return (replace(longest[0], why=f"{longest[0].why}, and it names “{name}”"),)
        return tuple(replace(match, sure=False) for match in found)
    if finding.forged:
        why = f"{found[0].why}; but the sender may be forged ({finding.forged})"
        return (replace(found[0], sure=False, why=why),)
    return tuple(found)


def _by_uid(finding: MailFinding, kept: Sequence[Opportunity]) -> Iterator[Match]:
    uids = {each.uid for each in finding.invitations} - {""}
    for each in kept:
        if any(event.get("uid") in uids for event in each.data.get("events", ())):
            known = not finding.sender or _is_theirs(finding.sender, each)
            why = "it is about a known invitation" + ("" if known else "; but nobody known there sent it")
            yield Match(each.name, _person(finding, each), sure=known, why=why)


def _by_thread(finding: MailFinding, kept: Sequence[Opportunity]) -> Iterator[Match]:
    for each in kept:
        known = {
            str(event.get("message_id") or event.get("thread")): event
            for event in each.data.get("events", ())
            if event.get("message_id") or (event["type"] == "sent" and event.get("thread"))
        }
        for answered in reversed(finding.answers):
            event = known.get(answered)
            if event is None:
                continue
            person = _person(finding, each)
            if person is None and (finding.kind != "human" or finding.bounced):
                person = event.get("to") or event.get("from")
            why = (
                f"it answers what you sent ({answered})"
                if event["type"] == "sent"
                else "it is in a known thread"
            )
            known_sender = person is not None or bool(each.data["candidate"].get("email"))
            if not known_sender:
                why += "; but it may be yours, as your own address is not known"
            yield Match(each.name, person, sure=known_sender, why=why)
            break


def _by_address(finding: MailFinding, kept: Sequence[Opportunity]) -> Iterator[Match]:
    for each in kept:
        person = _person(finding, each)
        if person is not None:
            address = each.data["people"][person].get("email")
            yield Match(each.name, person, sure=True, why=f"the address {address}")


def _by_domain(finding: MailFinding, kept: Sequence[Opportunity]) -> Iterator[Match]:
    domains = {domain_of(address) for address in _their_addresses(finding)} - {""}
    for each in kept:
        theirs = next((domain for domain in sorted(domains) if _is_their_domain(domain, each)), None)
        if theirs is not None:
            yield Match(each.name, None, sure=True, why=f"the domain {theirs}")


def _by_name(finding: MailFinding, kept: Sequence[Opportunity]) -> Iterator[Match]:
    words = _plain(_words_of(finding))
    domain = _plain(domain_of(finding.sender).rpartition(".")[0].replace(".", " "))
    for each in kept:
        name = _short(each.data["company"]["name"])
        if len(name) >= SHORTEST_NAME and (_says(words, _plain(name)) or _says(domain, _plain(name))):
            yield Match(each.name, None, sure=False, why=f"it only names “{name}”")


def _words_of(finding: MailFinding) -> str:
    invited = [words for each in finding.invitations for words in (each.summary, each.location, each.text)]
    return "\n".join((finding.sender_name, finding.subject, finding.text, *invited))


def _their_addresses(finding: MailFinding) -> tuple[str, ...]:
    if finding.bounced:
        return tuple(one.address for one in finding.bounced)
    invited = [one for each in finding.invitations for one in (each.organizer, *each.attendees) if one]
    return (finding.sender, *(one.address for one in invited))


def person_of(address: str, opportunity: Opportunity) -> str | None:
    """The person of that address, by id."""
    wanted = address_of(address)
    for id_, person in opportunity.data.get("people", {}).items():
        if wanted and address_of(str(person.get("email") or "")) == wanted:
            return str(id_)
    return None


def _person(finding: MailFinding, opportunity: Opportunity) -> str | None:
    """Who wrote, or whom it did not reach: by address, else by name where the domain is theirs."""
    people = opportunity.data.get("people", {})
    for address in _their_addresses(finding):
        if found := person_of(address, opportunity):
            return found
    name = _plain(finding.sender_name)
    named = [id_ for id_, person in people.items() if name and _plain(str(person.get("name") or "")) == name]
    if len(named) == 1 and not finding.bounced and _is_their_domain(domain_of(finding.sender), opportunity):
        return str(named[0])
    return None


def _is_theirs(address: str, opportunity: Opportunity) -> bool:
    """Whether the address is somebody's of the opportunity, or of the domain that is theirs alone."""
    return person_of(address, opportunity) is not None or _is_their_domain(domain_of(address), opportunity)


def _is_their_domain(domain: str, opportunity: Opportunity) -> bool:
    people = opportunity.data.get("people", {}).values()
    own = {domain_of(str(person.get("email") or "")) for person in people} - {""}
    return not _is_shared(domain) and any(_same_company(domain, known) for known in own)


def domain_of(address: str) -> str:
    """The part after the `@`, in small letters; empty where there is none."""
    return address.rpartition("@")[2].strip().casefold() if "@" in address else ""


def _same_company(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _is_shared(domain: str) -> bool:
    return any(_same_company(domain, shared) for shared in SHARED_DOMAINS)


def _short(name: str) -> str:
    """A company's name without its legal form."""
    return LEGAL_FORM.sub("", name.strip()) or name


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _says(words: str, name: str) -> bool:
    return bool(name) and f" {name} " in f" {words} "
