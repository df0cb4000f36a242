"""The print form of an act: its sheet for people, and the annex that lists every code."""
