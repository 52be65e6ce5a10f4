"""A stage that burns CPU, for the benchmark of the queue."""
