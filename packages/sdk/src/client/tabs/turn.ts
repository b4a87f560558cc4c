/** A promise, and how it is settled. */
export interface Turn {
  readonly promise: Promise<void>;
  readonly tell: () => void;
}

/** Something that many may wait for, and that one will tell of. */
export function turn(): Turn {
  let tell = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    tell = resolve;
  });
  return { promise, tell };
}
