"""What officers do: verbs as plain functions, each one step of the store, the same for the window and the command line.

To add one: a function that takes the store first, opens `store.change("What the officer did")`, and says what it
refuses.
"""
