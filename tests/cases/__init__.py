"""Situations from public bug reports, and what is expected of each. The inputs lie outside the repository, in folder
`cases` of what SAMPHIRE_EVAL_DATA names; small inputs of the same kinds are in the tests of the rooms themselves."""

from tests.cases import elements, importing, others

EXPECTED = {**elements.EXPECTED, **importing.EXPECTED, **others.EXPECTED}
