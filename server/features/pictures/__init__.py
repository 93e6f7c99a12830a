"""Reading pictures that came from anywhere: in processes of their own, within bounds."""
