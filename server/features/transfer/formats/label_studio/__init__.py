"""Label Studio's JSON, and its brush masks."""
