BASE <https://w3id.org/referentiel/id/certification/>
PREFIX dct: <http://purl.org/dc/terms/>

INSERT DATA {
    [] dct:title "Dossier"@fr .
}
