BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX dct: <http://purl.org/dc/terms/>

INSERT DATA {
    <X/source> dct:title "Dossier"@fr .
    <X> dct:source <X/source/2> .
    <X/source/2> a ref:SourceDocument .
}
