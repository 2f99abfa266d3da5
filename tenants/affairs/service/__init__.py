"""The services do what is done about open affairs."""
