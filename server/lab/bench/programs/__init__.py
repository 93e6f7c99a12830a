"""What is measured in a process of its own, each a program that prints its figures."""
