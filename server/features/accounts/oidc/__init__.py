"""Signing in with an OpenID Connect provider: who people are there, and which accounts that makes theirs here."""
