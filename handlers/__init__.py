"""Everything that talks to an outside service, one module or folder each."""
