"""A better segmenter from annotations: split, train, compare with the one before, decide, install."""
