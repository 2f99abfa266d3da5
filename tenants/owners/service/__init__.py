"""What the staff does with registers of owners."""
