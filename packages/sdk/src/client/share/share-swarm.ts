import { createIdentity } from "../../adapters/identity.ts";
import type { ShareKeys } from "../../adapters/share/share-keys.ts";
import { MIB } from "../../base/bytes.ts";
import type { RivuletError } from "../../base/errors.ts";
import { second } from "../../base/time.ts";
import { Geometry } from "../../content/geometry.ts";
import { HASH_BYTES } from "../../content/limits.ts";
import type { FileStream } from "../../content/share/file-stream.ts";
import type { EngineEvent } from "../../engine/events.ts";
import type { EngineOptions } from "../../engine/options.ts";
import type { Transport } from "../../engine/ports.ts";
import { NONCE_BYTES } from "../../protocol/share/limits.ts";
import { SwarmNode, type SwarmNodeParts } from "../swarm-node.ts";
import { type LineState, openTracker } from "../tracker-line.ts";
import type { DescriptionExchange } from "./description-exchange.ts";
import type { ShareSettings, ShareWorld } from "./running-share.ts";
import { SecureLink } from "./secure-link.ts";
import { RUN_PIECES } from "./sent-pieces.ts";
import { unreachable, untrusted } from "./share-trust.ts";

/** A person who waits for a whole file does not care which part of it comes first. */
const WINDOW_BYTES = 256 * MIB;
/** What is held of pieces that are not on disk yet. */
const UNVERIFIED_BYTES = 24 * MIB;

/** Whoever sends a file wants it sent: only a line that is slower than this is not to be filled to the brim (docs/decisions/0014). */
const FREE_UPLINK = 1_000_000;

const ALONE_MS = 5 * second;

const OPTIONS: Partial<EngineOptions> = {
  uplinkFreeBytesPerSecond: FREE_UPLINK,
  windowBytes: WINDOW_BYTES,
  firstWindowBytes: WINDOW_BYTES,
  maxUnverifiedBytes: UNVERIFIED_BYTES,
  runPieces: RUN_PIECES,
  // Somebody may come any moment who waits to be dialled, as one that has everything does.
  aloneMs: ALONE_MS,
  // The first chunk of a piece waits until all of it is read and compared; so many chunks are several pieces.
  maxReadsPerPeer: 24,
  maxReads: 96,
  // There is no origin whose work could be shared, and that small things are left to.
  gossip: false,
  smallResourceBytes: 0,
};

export interface ShareSwarmParts {
  readonly settings: ShareSettings;
  readonly world: ShareWorld;
  readonly keys: ShareKeys;
  readonly exchange: DescriptionExchange;
  readonly pieces: SwarmNodeParts["pieces"];
  readonly onEvent: (event: EngineEvent) => void;
  readonly onTracker: (state: LineState) => void;
  readonly onProblem: (error: RivuletError) => void;
}

/** An engine among those who have the link, and nobody else. */
export async function openShareSwarm(parts: ShareSwarmParts): Promise<SwarmNode> {
  const { settings, world, keys, exchange, onProblem } = parts;
  const { signal: url, token, iceServers, iceTransportPolicy, uploadBytesPerSecond } = settings;
  const inner = world.transport({ iceServers, iceTransportPolicy });
  const self = await createIdentity(world.hasher, world.randomBytes);
  const hasPassword = Boolean(settings.password);
  const transport: Transport = {
    connect: ({ peer, initiator, events }) =>
      new SecureLink({
        transport: inner,
        self: self.peer,
        peer,
        initiator,
        events,
        content: keys.content,
        nonce: world.randomBytes(NONCE_BYTES),
        prove: keys.prove,
        onProved: (link) => exchange.joined(link),
        onMessage: (link, message) => exchange.heard(link, message),
        onGone: (link) => exchange.left(link),
        onUnreachable: () => onProblem(unreachable()),
        onUntrusted: (reason, by) => onProblem(untrusted(reason, { by, hasPassword })),
      }),
  };
  const line = openTracker((events) => world.tracker({ url, token, ...self, events }));
  const { now, random, randomBytes } = world;
  const { pieces, onEvent, onTracker } = parts;
  return new SwarmNode({
    self,
    options: { ...OPTIONS, uploadBytesPerSecond },
    ...{ now, random, randomBytes, transport, line, pieces, onEvent, onTracker },
    onRefused: onProblem,
  });
}

/** Looks for those who know what is shared. */
export function seek(node: SwarmNode, { content }: ShareKeys): void {
  const geometry = new Geometry();
  node.input({ type: "content-added", content, geometry, have: geometry.noPieces(), origin: false });
}

/** From now on pieces can be had: the share is one resource, the stream of all its files. */
export function describe(node: SwarmNode, { content }: ShareKeys, stream: FileStream): void {
  const { totalBytes: sizeBytes, pieceBytes } = stream;
  const none = new Uint8Array(0);
  const share = {
    path: "share",
    sizeBytes,
    pieceBytes,
    mediaType: undefined,
    root: new Uint8Array(HASH_BYTES),
    hashes: none,
  };
  const geometry = new Geometry({ base: undefined, resources: [share] });
  node.input({ type: "content-added", content, geometry, have: geometry.noPieces(), origin: false });
}
