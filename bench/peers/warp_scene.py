"""The seed scene for Warp: a function of a point, and the kernels that evaluate it."""
import warp as wp

import scene

wp.config.quiet = True
wp.init()

BOX_CENTRE, BOX_HALF, TORUS_CENTRE = wp.vec3(*scene.BOX_CENTRE), wp.vec3(*scene.BOX_HALF), wp.vec3(*scene.TORUS_CENTRE)
MAJOR, MINOR, SMOOTH = scene.TORUS_MAJOR, scene.TORUS_MINOR, scene.SMOOTH


@wp.func
def distance(p: wp.vec3, turn: wp.mat33):
    c = p - BOX_CENTRE
    q = wp.vec3(wp.abs(c[0]) - BOX_HALF[0], wp.abs(c[1]) - BOX_HALF[1], wp.abs(c[2]) - BOX_HALF[2])
    outside = wp.length(wp.vec3(wp.max(q[0], 0.0), wp.max(q[1], 0.0), wp.max(q[2], 0.0)))
    box = outside + wp.min(wp.max(wp.max(q[0], q[1]), q[2]), 0.0)
    r = turn * (p - TORUS_CENTRE)
    ring = wp.length(wp.vec2(r[0], r[2])) - MAJOR
    torus = wp.length(wp.vec2(ring, r[1])) - MINOR
    near = wp.max(SMOOTH - wp.abs(box - torus), 0.0) / SMOOTH
    return wp.min(box, torus) - near * near * near * (SMOOTH / 6.0)


@wp.kernel
def at_points(points: wp.array(dtype=wp.vec3), turn: wp.mat33, out: wp.array(dtype=float)):
    i = wp.tid()
    out[i] = distance(points[i], turn)


@wp.kernel
def on_grid(out: wp.array3d(dtype=float), turn: wp.mat33):
    i, j, k = wp.tid()
    step = 2.0 / float(out.shape[0])
    p = wp.vec3(step * (float(i) + 0.5) - 1.0, step * (float(j) + 0.5) - 1.0, step * (float(k) + 0.5) - 1.0)
    out[i, j, k] = distance(p, turn)
