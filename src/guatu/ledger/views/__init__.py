"""Pages of the ledger: projects, lists, duties, vocabularies, saved views."""
