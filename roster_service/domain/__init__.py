"""Pure rules of the roster: vocabularies, names, unit trees and imports. No Flask, no SQL, no clock."""
