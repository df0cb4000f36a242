"""What `python3 -m backend …` does: prepare the machine, start the processes, run every guard."""
