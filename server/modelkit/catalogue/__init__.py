"""`samphire segmenters`: lists, fetches, adds, exports, removes and verifies segmenters. Needs no server."""
