"""The HTTP server: SPARQL 1.1 Protocol, saved queries and entity documents, answered by processes that can be ended."""
