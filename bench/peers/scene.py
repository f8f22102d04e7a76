"""The seed scene for Python: a box and a torus that turns, joined by a cubic smooth minimum.

The grid is `dimension` samples an axis at 2 (i + 0.5) / dimension - 1, axis 0 of an array being x.
"""
import math

import numpy as np

BOX_CENTRE = (0.0, -0.7, 0.0)
BOX_HALF = (0.9, 0.3, 0.9)
TORUS_CENTRE = (0.0, -0.5, 0.0)
TORUS_MAJOR, TORUS_MINOR = 0.5, 0.1
SMOOTH = 0.5


def rotation(moment):
    """The matrix (rows) that takes a point to the coordinates of the torus: first about y, then about x, both backwards."""
    roll, pitch = math.radians(90 * math.sin(moment)), math.radians(45 * math.cos(moment))
    cos_roll, sin_roll, cos_pitch, sin_pitch = math.cos(roll), math.sin(roll), math.cos(pitch), math.sin(pitch)
    about_y = np.array([[cos_pitch, 0, -sin_pitch], [0, 1, 0], [sin_pitch, 0, cos_pitch]])
    about_x = np.array([[1, 0, 0], [0, cos_roll, sin_roll], [0, -sin_roll, cos_roll]])
    return (about_x @ about_y).astype(np.float32)


def axis_samples(dimension):
    return (np.float32(2) * (np.arange(dimension, dtype=np.float32) + np.float32(0.5)) / np.float32(dimension) - np.float32(1)).astype(np.float32)


def numpy_field(dimension, moment, slab=None):
    """The whole grid in single precision; `slab`: layers of x at once, so that what lies between stays in the cache."""
    axis, turn = axis_samples(dimension), rotation(moment)
    if slab is None:
        return layers(axis, axis, turn)
    field = np.empty((dimension,) * 3, np.float32)
    for first in range(0, dimension, slab):
        field[first : first + slab] = layers(axis[first : first + slab], axis, turn)
    return field


def layers(along_x, axis, turn):
    f = np.float32
    x, y, z = along_x[:, None, None], axis[None, :, None], axis[None, None, :]
    qx, qy, qz = np.abs(x) - f(BOX_HALF[0]), np.abs(y - f(BOX_CENTRE[1])) - f(BOX_HALF[1]), np.abs(z) - f(BOX_HALF[2])
    zero = f(0)
    outside = np.sqrt(np.maximum(qx, zero) ** 2 + np.maximum(qy, zero) ** 2 + np.maximum(qz, zero) ** 2)
    box = outside + np.minimum(np.maximum(np.maximum(qx, qy), qz), zero)
    lower = y - f(TORUS_CENTRE[1])
    # What depends on two axes is computed on planes; only the sums are as large as the grid.
    tx, ty, tz = (row[0] * x + (row[1] * lower + row[2] * z) for row in turn)
    ring = np.sqrt(tx * tx + tz * tz) - f(TORUS_MAJOR)
    torus = np.sqrt(ring * ring + ty * ty) - f(TORUS_MINOR)
    near = np.maximum(f(SMOOTH) - np.abs(box - torus), zero) / f(SMOOTH)
    return np.minimum(box, torus) - near * near * near * f(SMOOTH / 6)
