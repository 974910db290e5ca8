"""What a model says about texts beyond their label."""
