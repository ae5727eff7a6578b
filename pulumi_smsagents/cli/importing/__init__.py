"""What a vendor holds as a Pulumi program: reading it, judging it, writing it down.

`account` reads, and nothing here ever writes to a vendor. `judge` says how an object stands in a program so that adopting it
sends nothing; `names`, `literals`, `texts` and `project` turn that into files, without a terminal and without a call;
`folder` puts them on the disk, over nothing that is there.
"""
