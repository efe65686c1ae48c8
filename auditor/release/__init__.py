"""May this file leave, to this recipient, for this purpose? The check of an export before it is sent."""
