import { median } from "../../../support/median.ts";

/** A file that is made up. */
export interface FileShape {
  readonly path: string;
  readonly sizeBytes: number;
}

/** Bytes [from, to) of the file at a path. */
export interface Sample {
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

/** A share's rate once it is warm, bytes per second; times in ms. */
export function warmRate(arrival: {
  readonly warmAt: number;
  readonly warmBytes: number;
  readonly doneAt: number;
  readonly totalBytes: number;
}): number {
  const { warmAt, warmBytes, doneAt, totalBytes } = arrival;
  return doneAt > warmAt ? ((totalBytes - warmBytes) * 1000) / (doneAt - warmAt) : 0;
}

/** So many files, a hundred folders. */
export function tinyFiles(count: number, sizeBytes: number): FileShape[] {
  return Array.from({ length: count }, (_, at) => ({
    path: `folder ${at % 100}/file ${at}.txt`,
    sizeBytes,
  }));
}

/** Places in the files, evenly spread over all their bytes, the first and the last among them. */
export function samplesOf(files: readonly FileShape[], count: number, longest: number): Sample[] {
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const places = Array.from({ length: count }, (_, at) =>
    Math.floor((at * (total - 1)) / Math.max(1, count - 1)),
  );
  const samples: Sample[] = [];
  let start = 0;
  for (const { path, sizeBytes } of files) {
    while (places[0] !== undefined && places[0] < start + sizeBytes) {
      const from = Math.max(0, Math.min(Number(places.shift()) - start, sizeBytes - longest));
      samples.push({ path, from, to: Math.min(sizeBytes, from + longest) });
    }
    start += sizeBytes;
  }
  return samples;
}

/** How many files of one list the other has not, with that path and size; both ways together. */
export function treeDifferences(wanted: readonly FileShape[], got: readonly FileShape[]): number {
  const name = ({ path, sizeBytes }: FileShape) => `${sizeBytes} ${path}`;
  const there = new Set(got.map(name));
  const expected = new Set(wanted.map(name));
  const missing = wanted.filter((file) => !there.has(name(file))).length;
  const unknown = got.filter((file) => !expected.has(name(file))).length;
  // A file that is there twice is one too many.
  return missing + unknown + got.length - there.size;
}

/** The most of what was seen above what was there before, in MB; at least nothing. */
export function aboveIdleMb(seen: readonly number[], idle: number): number {
  return Math.max(0, ...seen.map((bytes) => bytes - idle)) / 1_000_000;
}

/** The same of what was seen most of the time. */
export function middleAboveIdleMb(seen: readonly number[], idle: number): number {
  return Math.max(0, median(seen) - idle) / 1_000_000;
}
