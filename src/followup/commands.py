"""The core's commands by name, each with its line in `followup --help`; no plugin may take such a name."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["COMMANDS", "SECTIONS"]

SECTIONS: Mapping[str, Mapping[str, str]] = {
    "Begin": {
        "demo": "See it work on a made-up opportunity.",
        "init": "Say who you are, once.",
        "add": "Put an opportunity into your store.",
        "import": "Take what a file holds into your store.",
    },
    "Day by day": {
        "today": "Say what is due today in all your opportunities.",
        "agenda": "Say what comes in the next days in all your opportunities.",
        "show": "Show an opportunity of your store, or one follow-up whole.",
        "log": "Write down what happened, in your words.",
        "read": "Read mail that you have, and add what it says.",
        "set": "Put in what you found out, or put right what was wrong.",
        "edit": "Put a draft into your own words.",
        "open": "Open a follow-up in your mail program, browser or dialler.",
        "send": "Send a follow-up, on your word.",
        "watch": "Tell what is newly due, and send what your policy allows.",
        "outbox": "See what was sent and what is in doubt, and settle doubts.",
        "done": "Write down that you did a follow-up.",
        "skip": "Decide not to do a follow-up.",
        "snooze": "Put a follow-up off.",
        "undo": "Take back what was changed last in your store.",
    },
    "See why, and what if": {
        "plan": "Say what to do now, what is held back, and why.",
        "explain": "Say why a rule proposes what it does, or nothing.",
        "simulate": "Play the plan forward and see what would happen.",
        "review": "Read a text that you wrote, and say what should be better.",
        "batch": "Plan many states, a line each, on all cores.",
    },
    "Look back": {
        "timeline": "Show what happened and what is to come.",
        "report": "Look back: how far you came, how long answers took.",
    },
    "Your store": {
        "retire": "Take an opportunity out of all lists, and keep it.",
        "reopen": "Bring a retired opportunity back.",
        "export": "Write what your store holds into a file.",
        "backup": "Write a copy of your store.",
        "restore": "Put a backup in the place of your store.",
        "erase": "Take a person's data out of your store, for good.",
    },
    "Rules and plugins": {
        "rules": "List, show, check and test rules.",
        "advice": "Show what carries out each piece of advice.",
        "plugins": "List, check and switch plugins; write a new one.",
        "completion": "Print the completion script of a shell.",
    },
}
"""In the order in which somebody needs them."""
COMMANDS: Mapping[str, str] = {name: line for section in SECTIONS.values() for name, line in section.items()}
