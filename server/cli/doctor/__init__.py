"""`samphire doctor`: what is installed, what is missing, and how to mend it. The report changes nothing."""
