"""What pages and lookups show: events side by side, profiles, documents with their passages, search."""
