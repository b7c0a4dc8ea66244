"""Charts: what they show is laid out once, as shapes, and written as SVG for pages or for a picture."""
