"""Tests of the rule language and of the books on the shelf."""
