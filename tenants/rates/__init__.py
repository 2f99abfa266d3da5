"""The three rates are timely responses, solved petitions, and satisfied authors."""
