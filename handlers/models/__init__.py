"""Who writes the drafts."""
