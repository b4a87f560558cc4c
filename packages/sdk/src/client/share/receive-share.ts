import { deriveShareKeys } from "../../adapters/share/share-keys.ts";
import { readShareToken } from "../../content/share/share-link.ts";
import { Description } from "./description.ts";
import type { ShareSink } from "./ports.ts";
import { Receiving } from "./receiving.ts";
import type { RunningShare, ShareSettings, ShareWorld } from "./running-share.ts";
import { ShareSession } from "./share-session.ts";

export interface ReceiveParts<Sink extends ShareSink> {
  /** What is behind the link's `#`. */
  readonly token: string;
  /** Where it goes; `id` names the share, 64 hex digits. */
  readonly openSink: (id: string) => Promise<Sink>;
  readonly settings: ShareSettings;
  readonly world: ShareWorld;
  /** False: others get nothing of it any more once all is here. */
  readonly seed: boolean;
}

/** Files being received, and where they go. */
export type ReceivingShare<Sink extends ShareSink> = RunningShare & { readonly sink: Sink };

/**
 * Begins to receive, or goes on where an earlier visit stopped.
 * @throws RivuletError `bad-link`, `password-needed`, `insecure-context`, `unsupported-browser`, `share-open-elsewhere`,
 * `storage-unavailable`, `storage-full`, `file-unwritable`.
 */
export async function receiveShare<Sink extends ShareSink>(
  parts: ReceiveParts<Sink>,
): Promise<ReceivingShare<Sink>> {
  const { settings, world } = parts;
  const token = readShareToken(parts.token);
  const keys = await deriveShareKeys(token, settings.password);
  const { content } = keys;
  const description = new Description(content, token.keyPrint);
  const session = new ShareSession({ content, now: world.now, state: "looking" });
  // The disk and the network at once: either may take its time.
  const opening = parts.openSink(content);
  const receiving = new Receiving({ ...parts, keys, sink: opening, description, session });
  const [opened, started] = await Promise.allSettled([
    receiving.restore().then(() => opening),
    receiving.start(),
  ]);
  if (opened.status === "fulfilled" && started.status === "fulfilled")
    return Object.assign(receiving.running, { sink: opened.value });
  receiving.abandon();
  if (opened.status === "fulfilled") await opened.value.close().catch(() => undefined);
  throw opened.status === "rejected" ? opened.reason : (started as PromiseRejectedResult).reason;
}
