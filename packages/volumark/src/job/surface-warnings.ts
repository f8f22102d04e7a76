/** Frames that show nothing: the run succeeded, and yet it is not what was wanted. */
import type { AnimationSettings, VolumeStandIn } from "@volumark/engine";
import { type FrameFacts, formatCount, formatCounted, type RunWarning } from "@volumark/measure";

/** `no-surface` where frames have no triangles, `out-of-view` where the triangles of a frame cover no pixel. */
export function surfaceWarnings(frames: Iterable<FrameFacts>, settings: AnimationSettings): RunWarning[] {
  let all = 0;
  const empty = { count: 0, first: 0 };
  const unseen = { count: 0, first: 0 };
  for (const { frame, counts } of frames) {
    all++;
    const kind = counts.triangles === 0 ? empty : counts.shadedPixels === 0 ? unseen : null;
    if (kind && kind.count++ === 0) kind.first = frame;
  }
  const warnings: RunWarning[] = [];
  const some = ({ count, first }: typeof empty) =>
    all === 1
      ? "the only frame"
      : count === all
        ? `all ${formatCount(all)} frames`
        : `${formatCount(count)} of ${formatCounted(all, "frame")}, the first of them frame ${formatCount(first)}`;
  if (empty.count > 0) {
    warnings.push({
      code: "no-surface",
      evidence: `0 triangles in ${some(empty)}: the grid is all inside or all outside`,
      action: whereToLook(settings.volume),
    });
  }
  if (unseen.count > 0) {
    warnings.push({
      code: "out-of-view",
      evidence: `triangles, but no pixel that they cover, in ${some(unseen)}`,
      action:
        "Turn or move the camera of the scene (position, direction, verticalFieldOfView) towards the grid, -1 to 1.",
    });
  }
  return warnings;
}

function whereToLook(volume: VolumeStandIn | undefined): string {
  if (volume?.kind === "samples") {
    return `Give a --level that lies between the values of the volume (it is ${volume.options.level}), and look at --inside.`;
  }
  if (volume) return "Look at the expression's constants: it must change its sign within -1 to 1 on each axis.";
  return "Look at the shapes' size and place (the grid spans -1 to 1 on each axis), and at any thickness: a gyroid thicker than about 0.28 of its period is solid.";
}
