"""The engine: takes facts and wishes in, commits, and carries orders out."""
