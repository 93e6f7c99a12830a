"""What makes networks and never serves them: graph builders, exporters, the catalogue, what the build fetches."""
