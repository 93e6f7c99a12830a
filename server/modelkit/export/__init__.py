"""From a checkpoint to an installable segmenter: graphs, storage, verification against PyTorch, a report."""
