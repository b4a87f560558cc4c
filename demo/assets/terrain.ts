import { makeNoise } from "./noise.ts";

/** Cells along each side: two triangles of 50 bytes each give a file of about 4 MB. */
const CELLS = 200;
const HEADER_BYTES = 84;
const TRIANGLE_BYTES = 50;

/** A mountain island as a binary STL (a header of 80 bytes, a count, then normal, three corners and a spare word each). */
export function terrainStl(seed: number): Buffer {
  const noise = makeNoise(seed);
  const side = CELLS + 1;
  const heights = new Float32Array(side * side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const x = column / CELLS - 0.5;
      const y = row / CELLS - 0.5;
      const island = Math.max(0, 1 - (x * x + y * y) * 4.2);
      const relief = noise.crests(x * 3.2 + 20, y * 3.2 + 20, 7);
      heights[row * side + column] = island ** 1.2 * relief ** 1.5 * 0.46;
    }
  }
  const stl = Buffer.alloc(HEADER_BYTES + CELLS * CELLS * 2 * TRIANGLE_BYTES);
  stl.write("Rivulet demo terrain", 0, "latin1");
  stl.writeUInt32LE(CELLS * CELLS * 2, 80);
  let at = HEADER_BYTES;
  const corner = (column: number, row: number): Corner => [
    column / CELLS,
    row / CELLS,
    heights[row * side + column] as number,
  ];
  for (let row = 0; row < CELLS; row++) {
    for (let column = 0; column < CELLS; column++) {
      const a = corner(column, row);
      const b = corner(column + 1, row);
      const c = corner(column + 1, row + 1);
      const d = corner(column, row + 1);
      at = writeTriangle(stl, at, [a, b, c]);
      at = writeTriangle(stl, at, [a, c, d]);
    }
  }
  return stl;
}

type Corner = readonly [number, number, number];

function writeTriangle(stl: Buffer, at: number, corners: readonly [Corner, Corner, Corner]): number {
  const [a, b, c] = corners;
  const e = [b[0] - a[0], b[1] - a[1], b[2] - a[2]] as const;
  const f = [c[0] - a[0], c[1] - a[1], c[2] - a[2]] as const;
  const normal = [e[1] * f[2] - e[2] * f[1], e[2] * f[0] - e[0] * f[2], e[0] * f[1] - e[1] * f[0]] as const;
  const length = Math.hypot(...normal) || 1;
  let offset = at;
  for (const value of normal) offset = stl.writeFloatLE(value / length, offset);
  for (const point of corners) for (const value of point) offset = stl.writeFloatLE(value, offset);
  return at + TRIANGLE_BYTES;
}
