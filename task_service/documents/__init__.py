"""Pure builders of documents: data in, bytes out."""
