"""Where the team talks and decides."""
