"""People decide on links: what there is to decide, what was decided, and how it gets through the gate."""
