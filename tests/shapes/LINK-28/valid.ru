BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX dct: <http://purl.org/dc/terms/>

INSERT DATA {
    <X/competency/C1/excerpt/2> a ref:SourceExcerpt ;
        ref:sourceText "la suite"@fr ;
        dct:source <X/source> .
    <X/competency/C1> ref:hasExcerpt <X/competency/C1/excerpt/2> .
    <X/competency/C1/excerpt/2> ref:excerptOf <X/competency/C1> .
}
