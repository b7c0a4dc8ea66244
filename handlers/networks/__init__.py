"""Where comments come from and where approved replies go."""
