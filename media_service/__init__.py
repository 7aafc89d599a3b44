"""Files: uploads judged by their content, documents made by the worker, and authorised downloads.

Owns the schema `media`. A file's bytes live behind a storage adapter (local disk, or Cloudinary when it is configured), its
facts in `media.file`. It never fetches an address that a user gave, never serves anything inline, and never trusts a name, an
extension or a declared type.

Invariants: a row exists only when its bytes are stored whole; size and sha256 are those of the stored bytes; a file that
a person may not see is not found for that person.
"""
