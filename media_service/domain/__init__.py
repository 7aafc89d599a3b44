"""Pure rules about names, bytes and links: no Flask, no database, no clock."""
