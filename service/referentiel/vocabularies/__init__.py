"""Job-market vocabularies as their keepers publish them: a file -> a concept scheme, as statements."""
