"""How long things take, and how many calls they make: ours, the tutorials' way, Terraform, and the floor. See docs/performance.md."""
