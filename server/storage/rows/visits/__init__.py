"""Share links and their visitors."""
