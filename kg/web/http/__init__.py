"""What every request and answer passes, whatever it is about: connections, limits, headers, logs, errors."""
