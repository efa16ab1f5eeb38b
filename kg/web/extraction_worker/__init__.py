"""Reads and checks what strangers send, in processes that can be stopped."""
