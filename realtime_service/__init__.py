"""Realtime: what a person is told, and the sockets over which they are told it at once.

Two processes. The API (`app`) owns schema `messaging`: notifications, later messages and chat rooms. The sockets process
(`sockets`) holds connections and touches no database.

It never decides what happened: it stores what other services ask it to tell, and passes on what the event stream says.

Invariants:
- A connection receives only channels that `authorizer` grants its principal; a cadet, their own rows.
- A frame is encoded once per event and channel, however many connections receive it.
- A slow reader costs nobody else anything: its queue is bounded and it is cut off when it is full.
- A client never misses an event in silence: it is given what it missed, or told to reload.
"""
