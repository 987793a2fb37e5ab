"""The web application and the command line: they speak HTTP and words, and decide nothing."""
