"""What comes from outside, checked as it is read: text, names of files, JSON, lists of ids."""
