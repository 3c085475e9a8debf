"""What an article is made of: sentences with offsets, numerals, and characters of two scripts."""
