"""stancekit inside engines that spread work over machines: one module an engine."""
