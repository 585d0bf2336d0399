"""A server that is killed while others write to it, and what they know of what they wrote."""
