"""Looking back: what became of messages and dates, in one opportunity and in all together. Pure functions."""
