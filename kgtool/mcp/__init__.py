"""The graph as tools of a language model's client, by the Model Context Protocol.

https://modelcontextprotocol.io/specification
"""
