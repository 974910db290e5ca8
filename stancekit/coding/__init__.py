"""Labels given by people: which rows to label, whether the coders agree, which labels to look at again."""
