"""What `samphire bench scale` looks at: many rows, quickly made, and the addresses that list them."""
