"""What concerns one party of the agreement: its own children's rows, and answers that rest on nothing else."""
