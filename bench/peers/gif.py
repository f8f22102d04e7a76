"""Frames to a GIF by Pillow, ffmpeg and gifski, and how close any GIF comes to the frames.

Frames: one file of RGB bytes, frame after frame. Processor seconds of programs are what the kernel counted for them.
"""
import os
import resource
import subprocess

from conversation import serve

import numpy as np
from PIL import Image, ImageSequence

state = {}
EXACT = 999.0  # dB: no pixel differs; JSON has no infinity


def load_frames(turn, path, width, height, folder):
    frames = np.fromfile(path, np.uint8).reshape(-1, height, width, 3)
    state.update(path=path, width=width, height=height, folder=folder, frames=frames)
    return {"frames": len(frames)}


def pillow(turn, fps):
    path = os.path.join(state["folder"], "pillow.gif")
    first, *rest = (Image.fromarray(frame) for frame in state["frames"])
    first.save(path, save_all=True, append_images=rest, duration=1000 // fps, loop=0, optimize=True)
    return {"path": path, "bytes": os.path.getsize(path)}


def ffmpeg(turn, program, fps):
    """One palette for all frames, the nearest colour, no dither: the setting with the best picture for its bytes."""
    path = os.path.join(state["folder"], "ffmpeg.gif")
    chain = "split[a][b];[a]palettegen=stats_mode=full[p];[b][p]paletteuse=dither=none"
    return piped([program, *raw_input(state["width"], state["height"], fps), "-filter_complex", chain, path], state["path"], path)


def ffmpeg_start(turn, program):
    """The same program and filters on one frame of 16x16 pixels: what starting it costs."""
    path, tiny = (os.path.join(state["folder"], name) for name in ("tiny.gif", "tiny.rgb"))
    with open(tiny, "wb") as file:
        file.write(bytes(16 * 16 * 3))
    chain = "split[a][b];[a]palettegen=stats_mode=full[p];[b][p]paletteuse=dither=none"
    return piped([program, *raw_input(16, 16, 10), "-filter_complex", chain, path], tiny, path)


def raw_input(width, height, fps):
    size = f"{width}x{height}"
    return ["-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", size, "-r", str(fps), "-i", "pipe:0"]


def piped(command, source, path):
    with open(source, "rb") as frames:
        seconds = counted(command, input=frames.read())
    return {"path": path, "bytes": os.path.getsize(path), "childCpuSeconds": seconds}


def gifski(turn, program, fps):
    folder = os.path.join(state["folder"], "png")
    if not os.path.isdir(folder):
        os.mkdir(folder)
        for i, frame in enumerate(state["frames"]):
            Image.fromarray(frame).save(os.path.join(folder, f"{i:05}.png"), compress_level=1)
    path = os.path.join(state["folder"], "gifski.gif")
    pictures = sorted(os.path.join(folder, name) for name in os.listdir(folder))
    seconds = counted([program, "--quiet", "--fps", str(fps), "-o", path, *pictures])
    return {"path": path, "bytes": os.path.getsize(path), "childCpuSeconds": seconds}


def counted(command, **how):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **how)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def quality(turn, path):
    """Frames of a GIF, and its peak signal to noise ratio in dB over all of them."""
    frames, shown = state["frames"], 0
    error = 0.0
    with Image.open(path) as image:
        for frame in ImageSequence.Iterator(image):
            if shown < len(frames):
                difference = np.asarray(frame.convert("RGB"), np.float32) - frames[shown]
                error += float((difference * difference).mean())
            shown += 1
    mean = error / max(1, min(shown, len(frames)))
    return {"frames": shown, "psnr": EXACT if mean == 0 else float(10 * np.log10(255 * 255 / mean))}


serve(
    {
        "load_frames": load_frames,
        "pillow": pillow,
        "ffmpeg": ffmpeg,
        "ffmpeg_start": ffmpeg_start,
        "gifski": gifski,
        "quality": quality,
    }
)
