"""One message goes out once: the mark beside the state's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from followup.errors import InDoubtError, NotDeliveredError
from followup_email.sending import on_its_way

KEY = "inquiry:r1:dana"


def marks(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def nothing() -> None:
    """A check that finds nothing."""


def test_while_the_message_is_on_its_way_no_other_process_sends_it(
    tmp_path: Path,
) -> None:
    state = tmp_path / "initech.yaml"
    with on_its_way(state, KEY, "<1@x>", nothing) as commit:
        assert marks(tmp_path) == []
        commit()
        assert len(marks(tmp_path)) == 1
        with pytest.raises(InDoubtError, match="may have been sent already, or is being sent"):
            on_its_way(state, KEY, "<1@x>", nothing).__enter__()
        assert len(marks(tmp_path)) == 1
        with on_its_way(state, "inquiry:r2:lee", "<2@x>", nothing) as another:
            another()
    assert marks(tmp_path) == []


def test_of_two_that_are_ready_at_once_one_sends(tmp_path: Path) -> None:
    state = tmp_path / "initech.yaml"
    with (
        on_its_way(state, KEY, "<1@x>", nothing) as commit,
        on_its_way(state, KEY, "<1@x>", nothing) as other,
    ):
        commit()
        with pytest.raises(InDoubtError, match="is being sent just now"):
            other()
        assert len(marks(tmp_path)) == 1
    assert marks(tmp_path) == []


def test_the_mark_holds_the_event_that_the_state_lacks_if_the_message_arrived(tmp_path: Path) -> None:
    with on_its_way(
        tmp_path / "initech.yaml", KEY, "<1@x>", nothing, event="- {type: sent, to: dana}"
    ) as commit:
        commit()
        [mark] = tmp_path.iterdir()
        assert mark.read_text("utf-8").endswith("\n- {type: sent, to: dana}\n")
        assert mark.stat().st_mode & 0o077 == 0


def test_what_the_check_raises_ends_it_without_a_mark(tmp_path: Path) -> None:
    def check() -> None:
        assert len(marks(tmp_path)) == 1
        raise LookupError("a refusal came in")

    with (
        pytest.raises(LookupError),
        on_its_way(tmp_path / "initech.yaml", KEY, "<1@x>", check) as commit,
    ):
        commit()
    assert marks(tmp_path) == []


@pytest.mark.parametrize(
    ("raised", "seen", "left"),
    [
        (NotDeliveredError("no", permanent=False), NotDeliveredError, 0),
        (InDoubtError("perhaps"), InDoubtError, 1),
        (KeyboardInterrupt(), InDoubtError, 1),
        (MemoryError(), MemoryError, 1),
    ],
)
def test_the_mark_stays_where_nobody_knows(
    tmp_path: Path, raised: BaseException, seen: type[BaseException], left: int
) -> None:
    def send() -> None:
        with on_its_way(tmp_path / "initech.yaml", KEY, "<1@x>", nothing) as commit:
            commit()
            raise raised

    with pytest.raises(seen) as told:
        send()
    assert len(marks(tmp_path)) == left
    assert seen is not InDoubtError or "look for <1@x>" in str(told.value)


def test_an_interruption_before_the_words_leave_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), on_its_way(tmp_path / "initech.yaml", KEY, "<1@x>", nothing):
        raise KeyboardInterrupt
    assert marks(tmp_path) == []


def test_where_no_mark_can_be_made_nothing_is_sent(tmp_path: Path) -> None:
    with (
        pytest.raises(NotDeliveredError, match="nothing was sent"),
        on_its_way(tmp_path / "missing" / "initech.yaml", KEY, "<1@x>", nothing) as commit,
    ):
        commit()


def test_a_state_with_two_names_has_one_mark(tmp_path: Path) -> None:
    state, link = tmp_path / "initech.yaml", tmp_path / "elsewhere" / "current.yaml"
    state.touch()
    link.parent.mkdir()
    link.symlink_to(state)
    with on_its_way(link, KEY, "<1@x>", nothing) as commit:
        commit()
        with pytest.raises(InDoubtError, match="may have been sent already"):
            on_its_way(state, KEY, "<1@x>", nothing).__enter__()
