"""The demo: two rounds of example data, made through the same functions as the pages."""
