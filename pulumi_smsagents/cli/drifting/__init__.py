"""The parts of `smsagents drift`: what the state records, what the vendors show, and how it is told."""
