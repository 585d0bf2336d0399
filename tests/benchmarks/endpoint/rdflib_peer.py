"""Serves a folder of Oxigraph with rdflib-endpoint, as its documentation shows: runs in the peers' environment.

python rdflib_peer.py FOLDER PORT
"""

from __future__ import annotations

import sys

import uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint  # type: ignore[import-not-found] # not in our environment

if __name__ == "__main__":
    dataset = Dataset(store="Oxigraph", default_union=True)
    dataset.open(sys.argv[1])
    uvicorn.run(SparqlEndpoint(graph=dataset, path="/sparql"), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
