"""Running the checks of a conformance class without pytest: each that fails, with its sentence."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BrokenCheck", "checks_of", "run_checks"]


@dataclass(frozen=True, slots=True)
class BrokenCheck:
    """A check that failed: its name in words, and the sentence that says what broke and how to mend it."""

    check: str
    text: str

    def __str__(self) -> str:
        return f"{self.check}: {self.text}"


def checks_of(kit: object) -> tuple[str, ...]:
    """The names of the methods of a conformance class that are checks, in order of the class."""
    kinds = [vars(kind) for kind in reversed(type(kit).__mro__)]
    return tuple(dict.fromkeys(name for kind in kinds for name in kind if name.startswith("test_")))


def run_checks(kit: object) -> tuple[BrokenCheck, ...]:
    """Run every check of an instance of a conformance class. What a check raises never passes on."""
    broken = []
    for name in checks_of(kit):
        try:
            getattr(kit, name)()
        except KeyboardInterrupt:
            raise
        except AssertionError as failure:
            broken.append(BrokenCheck(_in_words(name), str(failure)))
        except BaseException as failure:  # noqa: BLE001  # SystemExit too: the checked code must not end the run
            told = " ".join(f"{type(failure).__name__}: {failure}".split())
            text = f"the plugin's own code raised {told}; see that it can stand what it is given"
            broken.append(BrokenCheck(_in_words(name), text))
    return tuple(broken)


def _in_words(name: str) -> str:
    return name.removeprefix("test_").replace("_", " ")
