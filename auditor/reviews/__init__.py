"""What is known of manual reviews: their records, how many faults they leave room for, and the words for it."""
