/** The part of the Web Locks API that electing a leader takes. */
export interface Locks {
  request(
    name: string,
    options: { readonly signal: AbortSignal },
    held: () => Promise<void>,
  ): Promise<unknown>;
}

/**
 * Stands for election among the tabs of a site: calls `onLead` when this tab leads, which is at once when no other does,
 * and otherwise as soon as those before it are closed, however they end. Returns how to stand down. Where the browser has
 * no Web Locks each tab leads itself.
 */
export function standForLeader(parts: {
  readonly name: string;
  readonly locks: Locks | undefined;
  readonly onLead: () => void;
}): () => void {
  const { name, locks, onLead } = parts;
  const standDown = new AbortController();
  const { signal } = standDown;
  const held = () => {
    if (signal.aborted) return Promise.resolve();
    onLead();
    return new Promise<void>((release) => signal.addEventListener("abort", () => release(), { once: true }));
  };
  if (!locks) void held();
  // It rejects when it is stood down before its turn; where locks are forbidden, each tab leads itself.
  else
    locks.request(name, { signal }, held).catch(() => {
      if (!signal.aborted) void held();
    });
  return () => standDown.abort();
}
