"""A mesh to 512x384 pixels by VTK, off screen, on OpenGL as Mesa makes it; four samples a pixel, pixels read back.

The mesh comes from files of raw numbers: positions and normals in single precision, indices as 32-bit integers.
"""
import math

from conversation import serve  # first: it takes standard output away from the others

import numpy as np
import vtkmodules.vtkRenderingOpenGL2  # noqa: F401, the back end of the window
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints, vtkUnsignedCharArray
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkRenderer, vtkRenderWindow

state = {}
pixels = vtkUnsignedCharArray()


def open_window(turn, width, height, samples, surface, background, camera):
    window, renderer = vtkRenderWindow(), vtkRenderer()
    window.SetOffScreenRendering(1)
    window.SetMultiSamples(samples)
    window.SetSize(width, height)
    window.AddRenderer(renderer)
    renderer.SetBackground(*background)
    mesh, mapper, actor = vtkPolyData(), vtkPolyDataMapper(), vtkActor()
    mapper.SetInputData(mesh)
    actor.SetMapper(mapper)
    actor.GetProperty().SetColor(*surface)
    renderer.AddActor(actor)
    view = renderer.GetActiveCamera()
    view.SetPosition(*camera["position"])
    view.SetFocalPoint(*(p + d for p, d in zip(camera["position"], camera["direction"])))
    view.SetViewUp(*camera["up"])
    view.SetViewAngle(camera["verticalFieldOfView"])
    view.SetClippingRange(0.5, 10)
    state.update(window=window, mesh=mesh, view=view, actor=actor, size=(width, height), background=background)
    window.Render()
    report = window.ReportCapabilities()
    names = [line.split(":", 1)[1].strip() for line in report.splitlines() if line.startswith("OpenGL renderer")]
    return {"renderer": names[0] if names else "unknown", "window": window.GetClassName()}


def load_mesh(turn, folder):
    for name, kind in (("positions", np.float32), ("normals", np.float32), ("indices", np.uint32)):
        state[name] = np.fromfile(f"{folder}/{name}.raw", kind).reshape(-1, 3)
    put_mesh()
    return {"vertices": len(state["positions"]), "triangles": len(state["indices"])}


def put_mesh():
    points = vtkPoints()
    points.SetData(numpy_to_vtk(state["positions"]))
    triangles = len(state["indices"])
    offsets = np.arange(0, 3 * triangles + 1, 3, dtype=np.int32)
    # 32-bit connectivity is read in place: nothing is copied on the way into VTK.
    connectivity = state["indices"].view(np.int32).ravel()
    cells = vtkCellArray()
    cells.SetData(numpy_to_vtk(offsets), numpy_to_vtk(connectivity))
    state["held"] = (offsets, connectivity)
    mesh = state["mesh"]
    mesh.SetPoints(points)
    mesh.SetPolys(cells)
    mesh.GetPointData().SetNormals(numpy_to_vtk(state["normals"]))
    mesh.Modified()


def draw(turn, new_mesh):
    """One picture. `new_mesh`: as in an animation, the mesh is handed over again; else only the camera has moved."""
    if new_mesh:
        put_mesh()
    state["view"].Roll(1e-4 if turn % 2 else -1e-4)
    window, (width, height) = state["window"], state["size"]
    window.Render()
    window.GetPixelData(0, 0, width - 1, height - 1, 0, pixels, 0)
    return {"bytes": pixels.GetNumberOfValues()}


def covered(turn):
    """Pixels of the last picture that differ from the background."""
    width, height = state["size"]
    colors = vtk_to_numpy(pixels).reshape(height, width, 3).astype(int)
    background = np.array([math.floor(c * 255 + 0.5) for c in state["background"]])
    return {"pixels": int((np.abs(colors - background).max(axis=2) > 1).sum())}


serve({"open_window": open_window, "load_mesh": load_mesh, "draw": draw, "covered": covered})
