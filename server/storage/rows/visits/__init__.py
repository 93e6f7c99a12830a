"""Links that lead strangers into projects."""
