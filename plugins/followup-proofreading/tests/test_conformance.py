from __future__ import annotations

import followup_proofreading
from followup import Draft
from followup.testing import ReviewConformance


class TestGrammar(ReviewConformance):
    [review] = followup_proofreading.followup_reviews()
    finds = (Draft("Thank you", "I liked the intresting talk."),)
    passes = (Draft("Thank you", "I liked the interesting talk."),)
