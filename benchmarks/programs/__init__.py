"""What `pulumi` runs: BENCH_N agents in their BENCH_REVISION, each in its own way."""
