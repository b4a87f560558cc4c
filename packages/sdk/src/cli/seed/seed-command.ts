import { readFile } from "node:fs/promises";
import { createIdentity } from "../../adapters/identity.ts";
import { RivuletError } from "../../base/errors.ts";
import { loadManifest } from "../../client/manifest-file.ts";
import { SwarmNode } from "../../client/swarm-node.ts";
import { openTracker } from "../../client/tracker-line.ts";
import { Geometry } from "../../content/geometry.ts";
import { readArguments } from "../arguments.ts";
import type { Command, Terminal } from "../command.ts";
import { formatBytes } from "../format-bytes.ts";
import { sha256 } from "../hash-file.ts";
import { openNodeWorld } from "../node/node-world.ts";
import {
  parseSignal,
  SWARM_ARGUMENTS,
  SWARM_USAGE,
  type SwarmOptions,
  swarmOptions,
} from "../node/swarm-options.ts";
import { untilTold } from "../node/until-told.ts";
import { startProgress } from "../progress.ts";
import { SeededFolder } from "./seeded-folder.ts";

const USAGE = `Usage: rivulet seed DIR --manifest FILE --signal URL [OPTIONS]

Keeps a site's content available when no viewer is there: a peer like any other, which has all of DIR, until Ctrl-C. Every
piece is compared with the manifest before it is sent; what differs is not offered.

  --manifest FILE   what \`rivulet manifest DIR\` wrote, a file or a URL; byte for byte what the site serves
${SWARM_USAGE}  --help            print this

The signaling server is the one that the site's pages name. One that asks for a page's origin needs a token instead.
`;

/** A super peer has more to give than a tab. */
const MOST_CONNECTIONS = 200;
const SLOTS = 64;

export const seedCommand: Command = {
  summary: "keep a site's content available: rivulet seed DIR --manifest FILE",
  usage: USAGE,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, {
      ...SWARM_ARGUMENTS,
      manifest: { type: "string" },
      help: { type: "boolean", short: "h" },
    });
    const [directory, surplus] = positionals;
    if (directory === undefined)
      throw new RivuletError("bad-option", "Name the folder: rivulet seed DIR --manifest FILE.");
    if (surplus !== undefined)
      throw new RivuletError("bad-option", `One folder at a time; "${surplus}" is one too many.`);
    if (values.manifest === undefined)
      throw new RivuletError("bad-option", "Which manifest? Give --manifest FILE or URL.");
    const given = values.signal ?? process.env.RIVULET_SIGNAL;
    if (!given)
      throw new RivuletError(
        "bad-option",
        "Which signaling server? Give --signal URL, or set RIVULET_SIGNAL.",
      );
    const signal = parseSignal(given, values.signal === undefined ? "RIVULET_SIGNAL" : "--signal");
    await seed({ directory, manifest: values.manifest, signal, options: swarmOptions(values), terminal });
  },
};

interface SeedPlan {
  readonly directory: string;
  readonly manifest: string;
  readonly signal: string;
  readonly options: SwarmOptions;
  readonly terminal: Terminal;
}

async function seed({ directory, manifest: named, signal, options, terminal }: SeedPlan): Promise<void> {
  const { stderr } = terminal;
  const { manifest, content } = await load(named);
  if (manifest.live)
    throw new RivuletError("bad-option", `${named} is that of a live stream, whose segments come and go.`);
  const geometry = new Geometry(manifest);
  const folder = await SeededFolder.in(directory, geometry);
  const world = await openNodeWorld();
  try {
    const { have, summary } = await check(folder, geometry, terminal);
    const self = await createIdentity(world.hasher, world.randomBytes);
    const { token, iceServers, iceTransportPolicy, uploadBytesPerSecond } = options;
    const line = openTracker((events) => world.tracker({ url: signal, token, ...self, events }));
    let uploadedBytes = 0;
    const node = new SwarmNode({
      self,
      options: { maxConnections: MOST_CONNECTIONS, uploadSlots: SLOTS, uploadBytesPerSecond },
      now: world.now,
      random: world.random,
      randomBytes: world.randomBytes,
      transport: world.transport({ iceServers, iceTransportPolicy }),
      line,
      pieces: { verify: async () => undefined, keep: () => undefined, read: (piece) => folder.read(piece) },
      onEvent: (event) => {
        if (event.type === "uploaded") uploadedBytes += event.bytes;
        if (event.type === "peer-connected") stderr.write(`Connected: ${node.peers().length} viewer(s).\n`);
      },
      onTracker: (state) => {
        if (state === "up") stderr.write(`The signaling server ${signal} knows this peer.\n`);
        if (state === "down") stderr.write("The signaling server cannot be reached; trying again.\n");
      },
      onRefused: (error) => stderr.write(`${error.message}\n`),
    });
    node.input({ type: "content-added", content, geometry, have, origin: false });
    const told = untilTold(new AbortController().signal);
    stderr.write(summary);
    await told;
    node.close();
    stderr.write(`Ended: ${formatBytes(uploadedBytes)} sent.\n`);
  } finally {
    await folder.close();
    await world.close();
  }
}

/** From a file as from a URL. @throws RivuletError `manifest-unreachable`, `manifest-malformed`. */
function load(named: string): ReturnType<typeof loadManifest> {
  const isUrl = /^https?:/.test(named);
  const fromDisk = async () => {
    const bytes = await readFile(named).catch((cause: unknown) => {
      throw new RivuletError("manifest-unreachable", `The manifest ${named} cannot be read.`, { cause });
    });
    return new Response(new Uint8Array(bytes));
  };
  return loadManifest({ url: named, hasher: sha256, fetch: isUrl ? fetch : fromDisk });
}

/** The pieces that the folder has, as the manifest lists them. */
async function check(folder: SeededFolder, geometry: Geometry, { stderr }: Terminal) {
  const have = geometry.noPieces();
  const { first, end } = geometry.indices;
  let totalBytes = 0;
  for (let resource = first; resource < end; resource++) totalBytes += geometry.resource(resource).sizeBytes;
  const progress = startProgress(stderr, { files: end - first, totalBytes });
  const different: string[] = [];
  let haveBytes = 0;
  for (let resource = first; resource < end; resource++) {
    const run = geometry.piecesOf(resource);
    let right = 0;
    for (let piece = run.first; piece < run.first + run.count; piece++) {
      const bytes = await folder.read(piece);
      progress.advance(geometry.length(piece));
      if (!bytes) continue;
      have.add(piece);
      right++;
      haveBytes += bytes.byteLength;
    }
    if (right < run.count) different.push(geometry.resource(resource).path);
  }
  progress.stop();
  if (different.length > 0)
    stderr.write(
      `${different.length} file(s) differ from the manifest, or are missing: ${some(different)}.\n`,
    );
  const summary = `Seeding ${formatBytes(haveBytes)} of ${formatBytes(totalBytes)}. Ctrl-C ends it.\n`;
  return { have, summary };
}

function some(names: readonly string[]): string {
  const few = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${few} and ${names.length - 5} more` : few;
}
