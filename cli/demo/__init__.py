"""The demo: a made-up unit, told to a running house through its public HTTP interface, as a person would tell it."""
