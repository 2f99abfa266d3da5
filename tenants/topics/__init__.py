"""Topics (议题): raised by residents, screened, consulted on, resolved, carried out and evaluated."""
