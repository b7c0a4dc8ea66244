"""What the bot tells about itself to machines: metrics and traces. Everything here reads, nothing writes."""
