"""Not there, as with everybody who installs the package: it comes with the tests' tools, and httpx would load it for all sides."""

raise ImportError("a tool of the tests")
