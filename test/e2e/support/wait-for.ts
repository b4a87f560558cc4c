/** How a wait goes, and how it fails. */
export interface Wait<Seen> {
  readonly look: () => Promise<Seen>;
  readonly wished: (seen: Seen) => boolean;
  readonly seconds: number;
  /** What the error begins with. */
  readonly otherwise: string;
}

/** Looks every 50 ms until what is seen is as wished; fails with what was seen last after `seconds`. */
export async function waitFor<Seen>({ look, wished, seconds, otherwise }: Wait<Seen>): Promise<Seen> {
  for (let turn = 0; turn < seconds * 20; turn++) {
    const seen = await look();
    if (wished(seen)) return seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${otherwise} after ${seconds} s: ${JSON.stringify(await look())}`);
}
