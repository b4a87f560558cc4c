/** What only the site knows, from its `/share.json`. */
export interface ShareSettings {
  /** The signaling server's URL. */
  readonly signal: string;
  readonly workerUrl: string;
}

const WORKER_URL = "/sdk/rivulet-share-worker.js";

/** Asked for when it is needed, so that a page that was opened while the site was down can be used once it is back. */
export async function loadSettings(): Promise<ShareSettings> {
  const response = await fetch("/share.json", { cache: "no-cache" }).catch((cause: unknown) => {
    throw new Error("This site cannot be reached. Check your connection.", { cause });
  });
  if (!response.ok) throw new Error(`This site does not answer (HTTP ${response.status}).`);
  const { signal }: { readonly signal?: unknown } = await response.json();
  if (typeof signal !== "string") throw new Error("This site does not say where its signaling server is.");
  return { signal, workerUrl: WORKER_URL };
}
