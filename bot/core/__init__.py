"""The pure core: what a ticket, a reply and an approval are. No I/O, no clock, no SDK."""
