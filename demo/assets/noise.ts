import { seededRandom } from "../../packages/sdk/src/base/random.ts";

/** Smooth value noise in [0, 1) over the plane, repeatable for a seed; the raw material of every scene. */
export interface Noise {
  at(x: number, y: number): number;
  /** Octaves of `at`, each twice as fine and half as strong: clouds. */
  clouds(x: number, y: number, octaves: number): number;
  /** The same, folded at its middle so that it has sharp crests: mountains. */
  crests(x: number, y: number, octaves: number): number;
}

const SIZE = 256;
const MASK = SIZE - 1;

export function makeNoise(seed: number): Noise {
  const random = seededRandom(seed);
  const lattice = Float32Array.from({ length: SIZE * SIZE }, () => random.next());

  const at = (x: number, y: number): number => {
    const left = Math.floor(x);
    const top = Math.floor(y);
    const fx = x - left;
    const fy = y - top;
    const sx = fx * fx * fx * (fx * (fx * 6 - 15) + 10);
    const sy = fy * fy * fy * (fy * (fy * 6 - 15) + 10);
    const row = (top & MASK) * SIZE;
    const next = ((top + 1) & MASK) * SIZE;
    const a = lattice[row + (left & MASK)] as number;
    const b = lattice[row + ((left + 1) & MASK)] as number;
    const c = lattice[next + (left & MASK)] as number;
    const d = lattice[next + ((left + 1) & MASK)] as number;
    const upper = a + (b - a) * sx;
    return upper + (c + (d - c) * sx - upper) * sy;
  };

  const clouds = (x: number, y: number, octaves: number): number => {
    let sum = 0;
    let weight = 0.5;
    let total = 0;
    for (let i = 0; i < octaves; i++) {
      sum += at(x, y) * weight;
      total += weight;
      weight *= 0.5;
      // An odd ratio and a shift keep the lattices of two octaves from lining up.
      x = x * 2.03 + 17.1;
      y = y * 2.03 + 9.7;
    }
    return sum / total;
  };

  const crests = (x: number, y: number, octaves: number): number => {
    let sum = 0;
    let weight = 0.5;
    let total = 0;
    for (let i = 0; i < octaves; i++) {
      const folded = 1 - Math.abs(2 * at(x, y) - 1);
      sum += folded * folded * weight;
      total += weight;
      weight *= 0.48;
      x = x * 2.07 + 11.3;
      y = y * 2.07 + 5.9;
    }
    return sum / total;
  };

  return { at, clouds, crests };
}
