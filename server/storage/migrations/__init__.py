"""How the schema came to be, one file per step in `versions`; run when the database is opened."""
