"""The yardstick of the tutor: facts and labels written by hand, and how they are compared."""
