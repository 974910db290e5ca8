"""Reports: how well a model labels."""
