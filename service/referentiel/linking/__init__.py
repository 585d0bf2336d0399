"""Links of competencies to job-market vocabularies: what a machine proposes, and the record of what people decide."""
