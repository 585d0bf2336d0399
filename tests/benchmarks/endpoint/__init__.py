"""The endpoint beside its peers: a synthetic register, questions of researchers, runaways. `python -m benchmarks.endpoint -h`."""
