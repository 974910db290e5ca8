"""What the training scripts share. It imports stancekit; stancekit never imports it."""
