"""Names: title, first name and family name, as they stand in a greeting."""

from __future__ import annotations

import pytest

from followup import names


@pytest.mark.parametrize(
    ("name", "title", "first", "family"),
    [
        ("Dana Whitfield", None, "Dana", "Whitfield"),
        ("Dr. Katrin Brandt", "Dr.", "Katrin", "Brandt"),
        ("Prof. Dr. Jana Müller", "Prof. Dr.", "Jana", "Müller"),
        ("Frau Dr. Müller", "Dr.", None, "Müller"),
        ("Dr. Müller", "Dr.", None, "Müller"),
        ("Mr. Lee Okafor", None, "Lee", "Okafor"),
        ("Alex van der Berg", None, "Alex", "van der Berg"),
        ("Maria José de la Cruz", None, "Maria", "de la Cruz"),
        ("J. Robert Oppenheimer", None, "Robert", "Oppenheimer"),
        ("J. P. Okafor", None, None, "Okafor"),
        ("Martin King Jr.", None, "Martin", "King"),
        ("Dana Whitfield, PhD", None, "Dana", "Whitfield"),
        ("Björk", None, "Björk", None),
        ("", None, None, None),
        ("Dr.", "Dr.", None, None),
    ],
)
def test_the_parts_of_a_name(name: str, title: str | None, first: str | None, family: str | None) -> None:
    assert (names.title_of(name), names.first_name(name), names.family_name(name)) == (title, first, family)


def test_a_title_is_not_written_twice() -> None:
    assert names.with_title("Katrin Brandt", "Dr.") == "Dr. Katrin Brandt"
    assert names.with_title("Dr. Katrin Brandt", "Dr.") == "Dr. Katrin Brandt"
