# One-line aliases of the one door, ./rgms; `./rgms --help` lists everything.
.PHONY: up test requirements lint bench migrate seed openapi services
up test requirements lint bench migrate seed openapi services:
	@./rgms $@
