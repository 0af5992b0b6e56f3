"""What the core speaks of, as values: the entries of the file, the resources of a plan, the tags of objects."""
