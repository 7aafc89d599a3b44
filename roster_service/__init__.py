"""Who is in the unit: cadets, staff, the unit tree, courses and roster imports.

Owns the schema ``roster``. Every change of a cadet or a member of staff is told to the other services by an event that
is stored in the transaction of the change.

Invariants:

* A student id and a user name belong to one cadet for ever, archived or not, whatever their letters' case.
* An import is applied whole or not at all, does what its preview showed or refuses, and never empties a stored field.
* Undoing an import restores what it changed, and refuses when anything of it was changed since.
* Nothing is deleted: a cadet or a member of staff is archived.
* A cadet reaches the own record and no other.

Never does: sign-in and accounts (auth), marks and grades (grading), pictures (media).
"""
