"""A property that is worked out once."""

from __future__ import annotations

from followup.once import once


class Sum:
    """Counts how often it is worked out."""

    def __init__(self, *numbers: int) -> None:
        self.numbers = numbers
        self.times = 0

    @once
    def total(self) -> int:
        """The sum of the numbers."""
        self.times += 1
        return sum(self.numbers)


def test_it_is_worked_out_when_it_is_first_asked_for_and_never_again() -> None:
    found = Sum(1, 2)
    assert found.times == 0
    assert (found.total, found.total, found.times) == (3, 3, 1)


def test_each_owner_has_its_own() -> None:
    assert (Sum(1).total, Sum(2).total) == (1, 2)


def test_of_the_class_it_is_the_property_itself_with_its_words() -> None:
    assert Sum.total.__doc__ == "The sum of the numbers."
