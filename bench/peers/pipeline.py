"""The same 30 frames as they are usually made in Python: Warp, its marching cubes, VTK off screen, Pillow.

    python pipeline.py OUT.gif      one pass from nothing, then the process ends
    python pipeline.py --serve      passes on request, as `conversation.py` describes
"""
import sys

from conversation import serve  # first: it takes standard output away from the others

import numpy as np
import scene
import vtk
import warp_scene
import warp as wp
import warp.geometry
from PIL import Image
from vtk.util.numpy_support import numpy_to_vtk, vtk_to_numpy

FPS, WIDTH, HEIGHT = 30, 512, 384


class Pipeline:
    """Everything that is made once: the grid, the extractor, the window."""

    def __init__(self, dimension):
        half = 1 - 1 / dimension
        self.field = wp.empty((dimension,) * 3, dtype=float)
        self.extractor = warp.geometry.IsoSurfaceMarchingCubes(
            dimension, dimension, dimension, lower=wp.vec3(-half), upper=wp.vec3(half)
        )
        self.window, renderer = vtk.vtkRenderWindow(), vtk.vtkRenderer()
        self.window.SetOffScreenRendering(1)
        self.window.SetMultiSamples(4)
        self.window.SetSize(WIDTH, HEIGHT)
        self.window.AddRenderer(renderer)
        renderer.SetBackground(0.925, 0.93, 0.94)
        self.mesh, mapper, actor = vtk.vtkPolyData(), vtk.vtkPolyDataMapper(), vtk.vtkActor()
        mapper.SetInputData(self.mesh)
        actor.SetMapper(mapper)
        actor.GetProperty().SetColor(0.35, 0.55, 0.9)
        renderer.AddActor(actor)
        camera = renderer.GetActiveCamera()
        camera.SetPosition(0.03125, 0.03125, 3.71875)
        camera.SetFocalPoint(0.03125, 0.03125 - 0.2, 3.71875 - 1)
        camera.SetViewAngle(45)
        camera.SetClippingRange(0.5, 10)

    def frame(self, moment):
        turn = wp.mat33(*[float(v) for v in scene.rotation(moment).ravel()])
        wp.launch(warp_scene.on_grid, self.field.shape, inputs=[self.field, turn])
        self.extractor.surface(self.field, 0.0)
        vertices, triangles = self.extractor.verts.numpy(), self.extractor.indices.numpy().reshape(-1, 3)
        self.counts = {"vertices": len(vertices), "triangles": len(triangles)}
        return self.draw(vertices, triangles)

    def draw(self, vertices, triangles):
        points, cells = vtk.vtkPoints(), vtk.vtkCellArray()
        points.SetData(numpy_to_vtk(vertices, deep=1))
        offsets = np.arange(0, 3 * len(triangles) + 1, 3, dtype=np.int32)
        cells.SetData(numpy_to_vtk(offsets, deep=1), numpy_to_vtk(triangles.astype(np.int32).ravel(), deep=1))
        self.mesh.SetPoints(points)
        self.mesh.SetPolys(cells)
        self.mesh.Modified()
        self.window.Render()
        grab = vtk.vtkWindowToImageFilter()
        grab.SetInput(self.window)
        grab.ReadFrontBufferOff()
        grab.Update()
        colors = vtk_to_numpy(grab.GetOutput().GetPointData().GetScalars())
        return colors.reshape(HEIGHT, WIDTH, 3)[::-1].copy()

    def run(self, path, frames):
        first, *rest = [Image.fromarray(self.frame(i / FPS)) for i in range(frames)]
        first.save(path, save_all=True, append_images=rest, duration=1000 // FPS, loop=0, optimize=True)
        return self.counts


if sys.argv[1] == "--serve":
    made = {}

    def one_pass(turn, path, dimension=32, frames=30):
        if dimension not in made:
            made[dimension] = Pipeline(dimension)
        return made[dimension].run(path, frames)

    serve({"pass": one_pass})
else:
    Pipeline(32).run(sys.argv[1], 30)
