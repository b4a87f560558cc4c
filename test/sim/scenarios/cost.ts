import { toHex } from "#sdk/base/bytes.ts";
import { parsePeerId } from "#sdk/base/ids.ts";
import { seededRandom } from "#sdk/base/random.ts";
import { Bitfield } from "#sdk/content/bitfield.ts";
import type { Input } from "#sdk/engine/io.ts";
import { Node } from "#sdk/engine/node.ts";
import { PROTOCOL_VERSION } from "#sdk/protocol/limits.ts";
import { type SimContent, simContent } from "../sim-content.ts";
import type { Progress, Scenario } from "../tool/scenario.ts";
import { costOf, HomeSwarm, type HomeSwarmSize, sized, tookMs } from "./home-swarm.ts";

const BYTES = 50_000_000;
/** Of the contents that memory is measured with: of 1,000 pieces each, as a film of 250 MB. */
const PIECES = 1000;
const PIECE_BYTES = 256 * 1024;
/** So many engines are measured together, as one is too small to be seen. */
const NODES = 200;

/** A swarm in which only the engines' steps are timed. */
export function timedWorld(size: HomeSwarmSize, progress: Progress) {
  const swarm = new HomeSwarm(size);
  for (const [home, atMs] of swarm.arrivals().entries()) swarm.visit(atMs, { home });
  const seen = swarm.run(progress, { from: 0, to: 0.8, name: "steps" });
  return { swarm, seen, tookMs: tookMs(swarm.visitors) };
}

/** What engines keep, bytes: of themselves, for each connected peer that opened a content, and for each content. */
export interface StateBytes {
  readonly node: number;
  readonly peer: number;
  readonly content: number;
}

/** Differences of the heap after collections; undefined when Node was started without --expose-gc. */
export function stateBytes(seed: number): StateBytes | undefined {
  const collect = globalThis.gc;
  if (!collect) return undefined;
  const heap = () => {
    collect();
    collect();
    return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  };
  const [few, many] = [2, 10];
  // Made before anything is measured: a manifest is shared by all who hold it.
  const contents = Array.from({ length: many }, (_, i) =>
    simContent(i + 1, [PIECES * PIECE_BYTES], PIECE_BYTES),
  );
  // The first round loads and compiles what the others then only use.
  holding({ seed, contents: contents.slice(0, few), peers: few });
  const measured = (held: { contents: readonly SimContent[]; peers: number }) => {
    const before = heap();
    const nodes = holding({ seed, ...held });
    const bytes = (heap() - before) / nodes.length;
    return bytes;
  };
  const bare = measured({ contents: [], peers: 0 });
  const two = contents.slice(0, few);
  const small = measured({ contents: two, peers: few });
  const morePeers = measured({ contents: two, peers: many });
  const lone = measured({ contents: two, peers: 0 });
  const moreContents = measured({ contents, peers: 0 });
  return {
    node: bare,
    peer: (morePeers - small) / (many - few),
    content: (moreContents - lone) / (many - few),
  };
}

/** Engines with so many connected peers, each of which opened all contents, has half of each and wants the rest. */
function holding(parts: {
  readonly seed: number;
  readonly contents: readonly SimContent[];
  readonly peers: number;
}): Node[] {
  const random = seededRandom(parts.seed);
  const id = () => parsePeerId(toHex(Uint8Array.from({ length: 16 }, () => random.below(256))));
  return Array.from({ length: NODES }, () => {
    const node = new Node({ self: id(), random: seededRandom(random.below(2 ** 31)) });
    const step = (input: Input) => node.step(input, 0);
    for (const { content, geometry } of parts.contents)
      step({ type: "content-added", content, geometry, have: half(0) });
    for (let i = 0; i < parts.peers; i++) {
      const peer = id();
      step({ type: "offered", peer, content: contentOf(parts.contents) });
      step({ type: "connected", peer });
      step({
        type: "frame",
        peer,
        frame: { type: "hello", handle: 0, request: 0, version: PROTOCOL_VERSION, peer },
      });
      for (const [handle, { content }] of parts.contents.entries()) {
        const bits = half(1).toBytes();
        step({
          type: "frame",
          peer,
          frame: { type: "open", handle: handle + 1, request: 0, content, pieces: PIECES, bits },
        });
        const runs = [{ first: 0, count: PIECES }];
        step({
          type: "frame",
          peer,
          frame: { type: "interested", handle: handle + 1, request: 0, now: 1, runs },
        });
      }
    }
    return node;
  });
}

function contentOf(contents: readonly SimContent[]) {
  const [first] = contents;
  if (!first) throw new Error("A peer is met for a content.");
  return first.content;
}

function half(from: number): Bitfield {
  const field = new Bitfield(PIECES);
  for (let piece = from; piece < PIECES; piece += 2) field.add(piece);
  return field;
}

export const cost: Scenario = {
  name: "cost",
  about: "50 MB among 100 homes: engine steps per second, and bytes of engine state per peer and per content",
  peers: 100,
  run(run) {
    const { swarm, seen, tookMs } = timedWorld(sized(run, BYTES), run.progress);
    run.progress(0.9, "state");
    const state = stateBytes(run.seed);
    const { stepMs, steps } = costOf(swarm);
    return {
      boundMs: swarm.boundMs,
      figures: [
        {
          name: "stepsPerSecond",
          value: (1000 * steps) / stepMs,
          meaning: "engine steps a second of one core, simulator not counted",
        },
        {
          name: "stepsPerPiece",
          value: steps / (swarm.content.geometry.pieceCount * run.peers),
          meaning: "engine steps for each piece that one viewer got",
        },
        {
          name: "nodeBytes",
          value: state?.node ?? Number.NaN,
          meaning: "state of an engine with nothing to do",
        },
        {
          name: "peerBytes",
          value: state?.peer ?? Number.NaN,
          meaning: "state for each connected peer that opened two contents of 1,000 pieces",
        },
        {
          name: "contentBytes",
          value: state?.content ?? Number.NaN,
          meaning: "state for each content of 1,000 pieces",
        },
      ],
      completions: [{ name: "homes", values: tookMs }],
      load: [{ name: "seeder", values: seen.load }],
      loadEveryMs: seen.everyMs,
      steps,
      stepMs,
    };
  },
};
