"""The three rates: timely responses, solved petitions, and satisfied authors."""
