"""The command `samphire`: what is asked, and one file for each family of commands."""
