"""Where it stands what is planned."""
