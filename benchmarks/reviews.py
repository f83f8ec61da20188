"""Recall and false alarms of each review on the corpus of planted faults, `tests/reviews_corpus`.

Run in an environment with followup and its plugins: `python benchmarks/reviews.py`. With `--missed` it also
lists what was not found, and what was found where nothing is wrong. It times nothing.
"""

from __future__ import annotations

import sys
from pathlib import Path

from followup import Engine

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.reviews_measured import measured, table_lines


def main() -> None:
    """Print the table."""
    engine = Engine.load()
    table = measured(engine, engine.vocabulary.reviews)
    unseen = measured(engine, engine.vocabulary.reviews, unseen=True)
    print("\n".join(table_lines(table, unseen)))
    if "--missed" in sys.argv[1:]:
        for name, measure in (*table.items(), *unseen.items()):
            for word, lines in (("missed", measure.missed), ("false alarm", measure.imagined)):
                for line in lines:
                    print(f"{name}: {word}: {line}")


if __name__ == "__main__":
    main()
