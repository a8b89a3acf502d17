"""The checker that travels inside every bundle: these parts, put together into one file, run on Python 3.8 alone and need nothing of ours.

Nothing here may use what came after Python 3.8, or import anything but the standard library and its neighbours (tests say so).
"""
