"""The program in a real browser, against a real server on real weights."""
