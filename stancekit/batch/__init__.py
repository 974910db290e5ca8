"""Files in, files out: every record comes back as it was, with the stance columns appended."""
