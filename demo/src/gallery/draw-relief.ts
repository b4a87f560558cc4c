import type { Relief } from "./stl.ts";

/** Draws a terrain as lines of height, the farther ones hidden by the nearer; in the canvas's own text colour. */
export function drawRelief(canvas: HTMLCanvasElement, { side, heights }: Relief): void {
  const density = Math.min(2, window.devicePixelRatio || 1);
  const width = canvas.clientWidth * density;
  const height = canvas.clientHeight * density;
  const context = canvas.getContext("2d");
  if (!context || width === 0) return;
  canvas.width = width;
  canvas.height = height;
  const { color, backgroundColor } = getComputedStyle(canvas);
  context.lineJoin = "round";
  const lines = 64;
  for (let line = 0; line < lines; line++) {
    const depth = line / (lines - 1); // 0 is the farthest
    const row = Math.round(depth * (side - 1));
    const span = width * (0.62 + depth * 0.34);
    const left = (width - span) / 2;
    const base = height * (0.36 + depth * 0.56);
    context.beginPath();
    context.moveTo(left, base);
    for (let column = 0; column < side; column++) {
      const value = heights[row * side + column] as number;
      context.lineTo(left + (column / (side - 1)) * span, base - value * height * (0.3 + depth * 0.16));
    }
    context.fillStyle = backgroundColor;
    context.fill();
    context.globalAlpha = 0.25 + 0.75 * depth;
    context.lineWidth = density * (0.6 + depth * 0.6);
    context.strokeStyle = color;
    context.stroke();
    context.globalAlpha = 1;
  }
}
