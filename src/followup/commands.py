"""The core's commands by name, each with its line in `followup --help`; no plugin may take such a name."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["COMMANDS"]

COMMANDS: Mapping[str, str] = {
    "add": "Put an opportunity into your store.",
    "advice": "Show what carries out each piece of advice.",
    "agenda": "Say what comes in the next days in all your opportunities.",
    "backup": "Write a copy of your store.",
    "batch": "Plan many states, a line each, on all cores.",
    "completion": "Print the completion script of a shell.",
    "demo": "See it work on a made-up opportunity.",
    "done": "Write down that you did a follow-up.",
    "edit": "Put a draft into your own words.",
    "erase": "Take a person's data out of your store, for good.",
    "explain": "Say why a rule proposes what it does, or nothing.",
    "export": "Write what your store holds into a file.",
    "import": "Take what a file holds into your store.",
    "init": "Say who you are, once.",
    "log": "Write down what happened, in your words.",
    "open": "Open a follow-up in your mail program, browser or dialler.",
    "outbox": "See what was sent and what is in doubt, and settle doubts.",
    "plan": "Say what to do now, what is held back, and why.",
    "plugins": "List, check and switch plugins; write a new one.",
    "read": "Read mail that you have, and add what it says.",
    "reopen": "Bring a retired opportunity back.",
    "report": "Look back: how far you came, how long answers took.",
    "restore": "Put a backup in the place of your store.",
    "retire": "Take an opportunity out of all lists, and keep it.",
    "review": "Read a text that you wrote, and say what should be better.",
    "rules": "List, show, check and test rules.",
    "send": "Send a follow-up, on your word.",
    "set": "Put in what you found out, or put right what was wrong.",
    "show": "Show an opportunity of your store, or one follow-up whole.",
    "simulate": "Play the plan forward and see what would happen.",
    "skip": "Decide not to do a follow-up.",
    "snooze": "Put a follow-up off.",
    "timeline": "Show what happened and what is to come.",
    "today": "Say what is due today in all your opportunities.",
    "undo": "Take back what was changed last in your store.",
}
