"""Jobs, whoever runs them: what a queue promises (`base`), and one inside this process."""
