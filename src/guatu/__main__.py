"""`python -m guatu` is the same as `guatu`."""

from guatu.cli.main import run

run()
