"""How alike people segment: figures worked out by a job, pictures of differences, and common objects made of theirs."""
