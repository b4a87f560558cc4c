import { createShareSigner, deriveShareKeys, printOfKey } from "../../adapters/share/share-keys.ts";
import { RivuletError } from "../../base/errors.ts";
import { second } from "../../base/time.ts";
import { HASH_BYTES } from "../../content/limits.ts";
import { FileStream } from "../../content/share/file-stream.ts";
import { checkFiles } from "../../content/share/listing.ts";
import { LINK_SECRET_BYTES, writeShareToken } from "../../content/share/share-link.ts";
import { within } from "../waiting.ts";
import { Description } from "./description.ts";
import { DescriptionExchange } from "./description-exchange.ts";
import type { ShareSource } from "./ports.ts";
import type { RunningShare, ShareSettings, ShareWorld } from "./running-share.ts";
import { SentPieces } from "./sent-pieces.ts";
import { ShareSession } from "./share-session.ts";
import { describe, openShareSwarm } from "./share-swarm.ts";

/** A signaling server that does not answer is no reason to have no link: it is tried again. */
const ANNOUNCE_WITHIN_MS = 3 * second;

/** Files being sent: `token` is what goes behind the link's `#`. */
export type SendingShare = RunningShare & { readonly token: string };

/**
 * Begins to send. It can be received at once, from the first pieces on, while the rest is hashed.
 * @throws RivuletError `share-malformed` for names that cannot be sent, `insecure-context`, `unsupported-browser`.
 */
export async function sendShare(parts: {
  readonly source: ShareSource;
  readonly settings: ShareSettings;
  readonly world: ShareWorld;
}): Promise<SendingShare> {
  const { source, settings, world } = parts;
  checkFiles(source.files);
  if (source.files.length === 0)
    throw new RivuletError("bad-option", "There is nothing to share: give at least one file.");
  const stream = new FileStream(source.files);
  const signer = await createShareSigner();
  const secret = world.randomBytes(LINK_SECRET_BYTES);
  const keyPrint = (await printOfKey(signer.publicKey)).slice();
  const token = { secret, keyPrint, needsPassword: Boolean(settings.password) };
  const keys = await deriveShareKeys(token, settings.password);
  const { content } = keys;
  const description = new Description(content, keyPrint);
  await description.describe(stream, signer);
  const session = new ShareSession({ content, now: world.now, state: "hashing" });
  const { problem: onProblem, heard: onEvent, changed: onTracker } = session;
  const exchange = new DescriptionExchange(description, {
    onListing: () => undefined,
    onHashes: () => undefined,
    onForged: onProblem,
  });
  const pieces = new SentPieces({ source, stream, description, hasher: world.hasher, onProblem });
  const node = await openShareSwarm({
    settings,
    world,
    keys,
    exchange,
    pieces,
    onEvent,
    onTracker,
    onProblem,
  });
  session.runs(node, (peer) => exchange.gaveList(peer));
  session.describe(stream);
  describe(node, keys, stream);
  const stopping = new AbortController();

  const hash = async (): Promise<void> => {
    for await (const hashes of source.hashes(stream, stopping.signal)) {
      const first = description.hashedPieces;
      await description.append(hashes, signer);
      // Its hash goes out before any word of the piece.
      exchange.added();
      for (let piece = first; piece < first + hashes.byteLength / HASH_BYTES; piece++) {
        node.input({ type: "found", content, piece });
        session.done(piece, stream.lengthOf(piece));
      }
    }
    session.enter("seeding");
  };
  const done = hash().catch((cause: unknown) => {
    const error =
      cause instanceof RivuletError
        ? cause
        : new RivuletError("file-unreadable", "The files cannot be read.", { cause });
    session.fail(error);
    throw error;
  });
  done.catch(() => undefined);

  const stop = async (): Promise<void> => {
    stopping.abort(new RivuletError("aborted", "The share was stopped."));
    session.stop();
    exchange.stop();
    node.close();
    await source.close();
  };
  // Whoever opens the link at once is to find somebody there.
  await within(ANNOUNCE_WITHIN_MS, node.announced);
  return {
    token: writeShareToken(token),
    on: session.on,
    get files() {
      return session.files;
    },
    get progress() {
      return session.progress;
    },
    done,
    has: (file) => session.tally?.isWhole(file) ?? false,
    leave: () => node.leave(),
    stop,
    discard: stop,
  };
}
