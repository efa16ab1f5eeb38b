"""Events: exchanges, invitations, measures and agreements, and which mentions tell of one event."""
