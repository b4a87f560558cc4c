/** What a piece shall be: these bytes, or (undefined) nothing. */
export interface Write {
  readonly bytes: Uint8Array | undefined;
}

export function bytesOf(writes: ReadonlyMap<string, Write>): number {
  let sum = 0;
  for (const { bytes } of writes.values()) sum += bytes?.byteLength ?? 0;
  return sum;
}

/** A function that runs what it is given when all that it was given before is over. */
export function takingTurns(): (work: () => Promise<void>) => Promise<void> {
  let last = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
