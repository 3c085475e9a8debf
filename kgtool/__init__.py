"""A knowledge graph from a newspaper article: build, check, ask, trace."""
