"""What the logs hold about one child, for whoever may ask for it (GDPR art. 15)."""
