import enum


class Colour(enum.Enum):
    RED = 1


print(Colour.RED, repr(Colour.RED), Colour.__module__)
