"""Heights of the water above chart datum."""


def highest(readings):
    return max(readings)
