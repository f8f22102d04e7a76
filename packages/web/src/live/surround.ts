/** What is left of the box around a picture has the colour of the picture's corner, so that no seam shows. */
export function surround(canvas: HTMLCanvasElement, rgba: Uint8ClampedArray): void {
  const [red, green, blue] = rgba;
  const box = canvas.parentElement;
  if (box) box.style.backgroundColor = `rgb(${red} ${green} ${blue})`;
}
