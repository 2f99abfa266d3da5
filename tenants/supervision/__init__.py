"""Supervision orders (督办): what a street or district demands of the desk that is late."""
