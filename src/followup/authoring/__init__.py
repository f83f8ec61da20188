"""Writing rules for people: a new rule with its message and its tests, in files of their own or in theirs."""
