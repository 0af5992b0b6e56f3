"""The page for people: a shell without data, which reads the API with its reader's own credential."""
