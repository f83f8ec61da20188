"""What leaves the store as a file and comes back: the log in lines, states in YAML, tables in CSV."""
