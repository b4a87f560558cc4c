const HEADER_BYTES = 84;
const TRIANGLE_BYTES = 50;

/** A terrain seen from above: heights 0 to 1 on a square grid, row by row from the front. */
export interface Relief {
  readonly side: number;
  readonly heights: Float32Array;
}

/** Reads the terrain out of a binary STL: each cell of the grid keeps the highest corner that falls into it. */
export function readRelief(stl: ArrayBuffer, side: number): Relief {
  const view = new DataView(stl);
  const triangles = view.getUint32(80, true);
  if (stl.byteLength < HEADER_BYTES + triangles * TRIANGLE_BYTES) throw new Error("The model is cut short.");
  const heights = new Float32Array(side * side);
  let highest = 0;
  for (let triangle = 0; triangle < triangles; triangle++) {
    for (let corner = 0; corner < 3; corner++) {
      const at = HEADER_BYTES + triangle * TRIANGLE_BYTES + 12 + corner * 12;
      const column = Math.min(side - 1, Math.floor(view.getFloat32(at, true) * side));
      const row = Math.min(side - 1, Math.floor(view.getFloat32(at + 4, true) * side));
      const height = view.getFloat32(at + 8, true);
      const cell = row * side + column;
      if (height > (heights[cell] as number)) heights[cell] = height;
      highest = Math.max(highest, height);
    }
  }
  if (highest > 0) for (let i = 0; i < heights.length; i++) heights[i] = (heights[i] as number) / highest;
  return { side, heights };
}
