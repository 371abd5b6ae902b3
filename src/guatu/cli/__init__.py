"""The command line (architecture §7): a contract that scripts use.

Each command reads its arguments, calls one service and prints. Nothing depends on it.
"""
