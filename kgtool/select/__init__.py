"""SELECT queries as trees: read from their text, written as text again."""
