"""The steps of a run, one node a file: the file, the function and the node share one name."""
