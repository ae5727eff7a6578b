"""The `smsagents` command: one module a subcommand."""
