import { deriveShareKeys } from "../../adapters/share/share-keys.ts";
import { readShareToken } from "../../content/share/share-link.ts";
import { Description } from "./description.ts";
import type { ShareSink } from "./ports.ts";
import { Receiving } from "./receiving.ts";
import type { RunningShare, ShareSettings, ShareWorld } from "./running-share.ts";
import { ShareSession } from "./share-session.ts";
import { restore } from "./stored-description.ts";

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
 * `storage-unavailable`.
 */
export async function receiveShare<Sink extends ShareSink>(
  parts: ReceiveParts<Sink>,
): Promise<ReceivingShare<Sink>> {
  const { settings, world } = parts;
  const token = readShareToken(parts.token);
  const keys = await deriveShareKeys(token, settings.password);
  const sink = await parts.openSink(keys.content);
  try {
    const { content } = keys;
    const description = new Description(content, token.keyPrint);
    const stored = await sink.description().catch(() => undefined);
    if (stored) await restore(description, stored);
    const session = new ShareSession({ content, now: world.now, state: "looking" });
    const receiving = new Receiving({ ...parts, keys, sink, description, session });
    await receiving.start();
    return Object.assign(receiving.running, { sink });
  } catch (error) {
    await sink.close().catch(() => undefined);
    throw error;
  }
}
