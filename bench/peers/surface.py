"""Field and surface of the seed scene by numpy, scikit-image, PyMCubes, Warp and VTK, in one process that stays.

Every call returns its vertices and triangles. Moments are given as a list and taken in turn, the first of it last.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from conversation import serve  # first: it takes standard output away from the others

import numpy as np
import scene

SLAB_BYTES = 1 << 20
state = {}


def numpy_grid(dimension, moment, slabs):
    slab = max(1, SLAB_BYTES // (4 * dimension * dimension)) if slabs else None
    return scene.numpy_field(dimension, moment, slab)


def numpy_skimage(turn, dimension, moments, slabs=False):
    from skimage.measure import marching_cubes

    vertices, faces, _, _ = marching_cubes(numpy_grid(dimension, moments[turn % len(moments)], slabs), 0.0)
    return {"vertices": len(vertices), "triangles": len(faces)}


def numpy_pymcubes(turn, dimension, moments):
    import mcubes

    vertices, faces = mcubes.marching_cubes(numpy_grid(dimension, moments[turn % len(moments)], True), 0.0)
    return {"vertices": len(vertices), "triangles": len(faces)}


def warp_sparse(turn, dimension, moments):
    sparse = state.get("sparse")
    if sparse is None:
        sparse = state["sparse"] = load_warp()
    return sparse(dimension, moments[turn % len(moments)])


def load_warp():
    import warp as wp
    import warp.geometry

    import warp_scene

    half = lambda dimension: 1.0 - 1.0 / dimension

    def sparse(dimension, moment):
        turn = wp.mat33(*[float(v) for v in scene.rotation(moment).ravel()])

        def values(points):
            out = wp.empty(points.shape[0], dtype=float)
            wp.launch(warp_scene.at_points, points.shape[0], inputs=[points, turn, out])
            return out

        reach = half(dimension)
        vertices, indices = warp.geometry.sparse_marching_cubes(
            values, dimension, dimension, dimension, lower=wp.vec3(-reach), upper=wp.vec3(reach)
        )
        return {"vertices": vertices.shape[0], "triangles": indices.shape[0] // 3}

    return sparse


def fill_image(turn, dimension, moment):
    """The dense grid that Flying Edges reads: made beforehand, never timed."""
    return show(np.ascontiguousarray(numpy_grid(dimension, moment, True)).ravel(), dimension)


def load_image(turn, dimension, path):
    """The same from a file of raw numbers, for rows in which both sides read the very same samples."""
    return show(np.fromfile(path, np.float32), dimension)


def show(values, dimension):
    from vtkmodules.util.numpy_support import numpy_to_vtk
    from vtkmodules.vtkCommonDataModel import vtkImageData

    state["values"] = values
    image = state["image"] = vtkImageData()
    image.SetDimensions(dimension, dimension, dimension)
    image.GetPointData().SetScalars(numpy_to_vtk(values))
    return {}


def flying_edges(turn, normals=False, threads=1):
    from vtkmodules.vtkCommonCore import vtkSMPTools
    from vtkmodules.vtkFiltersCore import vtkFlyingEdges3D

    if state.get("threads") != threads:
        if not vtkSMPTools.SetBackend("Sequential" if threads == 1 else "STDThread"):
            raise RuntimeError("this VTK has no such threads")
        vtkSMPTools.Initialize(threads)
        if vtkSMPTools.GetEstimatedNumberOfThreads() != threads:
            raise RuntimeError(f"VTK took {vtkSMPTools.GetEstimatedNumberOfThreads()} threads, not {threads}")
        state["threads"] = threads
    edges = vtkFlyingEdges3D()
    edges.SetInputData(state["image"])
    edges.SetValue(0, 0.0)
    edges.SetComputeNormals(normals)
    edges.ComputeGradientsOff()
    edges.ComputeScalarsOff()
    edges.Update()
    mesh = edges.GetOutput()
    return {"vertices": mesh.GetNumberOfPoints(), "triangles": mesh.GetNumberOfPolys()}


serve(
    {
        "numpy_skimage": numpy_skimage,
        "numpy_pymcubes": numpy_pymcubes,
        "warp_sparse": warp_sparse,
        "fill_image": fill_image,
        "load_image": load_image,
        "flying_edges": flying_edges,
    }
)
