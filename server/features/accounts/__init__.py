"""Who people are: accounts, how they sign in, invitations and API tokens."""
