import assert from "node:assert/strict";
import { test } from "node:test";
import { type ContentId, type DialId, type PeerId, parseContentId, parseDialId } from "#sdk/base/ids.ts";
import type { Tracker, TrackerEvents } from "#sdk/engine/ports.ts";

/** One event of a tracker, by the name of its callback. */
export type Heard =
  | { readonly on: "up" | "down" }
  | { readonly on: "peers"; readonly content: ContentId; readonly peers: readonly PeerId[] }
  | { readonly on: "introduction"; readonly from: PeerId; readonly dial: DialId; readonly signal: object }
  | { readonly on: "unknown-peer"; readonly peer: PeerId; readonly dial: DialId }
  | { readonly on: "refused"; readonly code: string };

/** Keeps what a tracker says, in order, and lets a test wait for it. */
export class TrackerEar implements TrackerEvents {
  readonly heard: Heard[] = [];
  #wake: (() => void)[] = [];

  /** How often it said so; no part of the story, as it may not be said. */
  reached = 0;

  onReached = (): void => {
    this.reached++;
  };
  onUp = (): void => this.#note({ on: "up" });
  onDown = (): void => this.#note({ on: "down" });
  onPeers: TrackerEvents["onPeers"] = (content, candidates) =>
    this.#note({ on: "peers", content, peers: candidates.map(({ peer }) => peer) });
  onIntroduction: TrackerEvents["onIntroduction"] = ({ from, dial, signal }) =>
    this.#note({ on: "introduction", from, dial, signal });
  onUnknownPeer: TrackerEvents["onUnknownPeer"] = (peer, dial) =>
    this.#note({ on: "unknown-peer", peer, dial });
  onRefused: TrackerEvents["onRefused"] = ({ code }) => this.#note({ on: "refused", code });

  get names(): readonly string[] {
    return this.heard.map(({ on }) => on);
  }

  /** Waits for the nth event of this kind; the test runner's timeout is the only limit. */
  async until<Name extends Heard["on"]>(name: Name, nth = 1): Promise<Extract<Heard, { on: Name }>> {
    for (;;) {
      const found = this.heard.filter((event): event is Extract<Heard, { on: Name }> => event.on === name);
      const event = found[nth - 1];
      if (event) return event;
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  #note(event: Heard): void {
    this.heard.push(event);
    for (const wake of this.#wake.splice(0)) wake();
  }
}

export interface TrackerWorld {
  /** Another peer with a tracker on the same server. */
  join(): Promise<{ readonly peer: PeerId; readonly tracker: Tracker; readonly ear: TrackerEar }>;
  /** Breaks every link; the server stays. */
  breakLinks(): void;
  dispose(): Promise<void>;
}

const FILM = parseContentId("f1".repeat(32));
const SONG = parseContentId("50".repeat(32));
const DIAL = parseDialId("d1".repeat(8));
const OFFER = { type: "offer", sdp: "v=0" };
const WANT_ALL = { want: 50, complete: false };

/** What every `Tracker` must do, in a world with a signaling server; see `engine/ports.ts`. */
export function trackerContract(name: string, makeWorld: () => Promise<TrackerWorld>): void {
  const worldTest = (title: string, body: (world: TrackerWorld) => Promise<void>): void => {
    test(`${name}: ${title}`, { timeout: 30_000 }, async () => {
      const world = await makeWorld();
      try {
        await body(world);
      } finally {
        await world.dispose();
      }
    });
  };

  worldTest("comes up, and an announce is answered with the peers of that content", async (world) => {
    const [near, far, other] = [await world.join(), await world.join(), await world.join()];
    other.tracker.announce(SONG, WANT_ALL);
    await other.ear.until("peers");
    far.tracker.announce(FILM, WANT_ALL);
    await far.ear.until("peers");
    near.tracker.announce(FILM, WANT_ALL);
    assert.deepEqual(await near.ear.until("peers"), { on: "peers", content: FILM, peers: [far.peer] });
    assert.deepEqual(near.ear.names, ["up", "peers"]);
  });

  worldTest("an introduction reaches its peer, with who sent it", async (world) => {
    const [near, far] = [await world.join(), await world.join()];
    for (const { tracker, ear } of [near, far]) {
      tracker.announce(FILM, WANT_ALL);
      await ear.until("peers");
    }
    near.tracker.introduce({ to: far.peer, content: FILM, dial: DIAL, signal: OFFER });
    const introduction = await far.ear.until("introduction");
    assert.deepEqual(introduction, { on: "introduction", from: near.peer, dial: DIAL, signal: OFFER });
  });

  worldTest("an introduction to a peer that left is answered with onUnknownPeer", async (world) => {
    const [near, far] = [await world.join(), await world.join()];
    near.tracker.announce(FILM, WANT_ALL);
    await near.ear.until("peers");
    near.tracker.introduce({ to: far.peer, content: FILM, dial: DIAL, signal: OFFER });
    assert.deepEqual(await near.ear.until("unknown-peer"), {
      on: "unknown-peer",
      peer: far.peer,
      dial: DIAL,
    });
  });

  worldTest("after a loss it comes back and announces again by itself", async (world) => {
    const near = await world.join();
    near.tracker.announce(FILM, WANT_ALL);
    near.tracker.announce(SONG, WANT_ALL);
    near.tracker.leave(SONG);
    await near.ear.until("up");
    await near.ear.until("peers");
    world.breakLinks();
    await near.ear.until("down");
    await near.ear.until("up", 2);
    await near.ear.until("peers", 2);
    const far = await world.join();
    far.tracker.announce(FILM, WANT_ALL);
    assert.deepEqual((await far.ear.until("peers")).peers, [near.peer]);
    far.tracker.announce(SONG, WANT_ALL);
    assert.deepEqual((await far.ear.until("peers", 2)).peers, []);
  });

  worldTest("what is said while it is down is dropped, announces excepted; nothing throws", async (world) => {
    const near = await world.join();
    await near.ear.until("up");
    world.breakLinks();
    near.tracker.introduce({ to: near.peer, content: FILM, dial: DIAL, signal: OFFER });
    await near.ear.until("down");
    near.tracker.introduce({ to: near.peer, content: FILM, dial: DIAL, signal: OFFER });
    near.tracker.leave(FILM);
    near.tracker.announce(FILM, WANT_ALL);
    await near.ear.until("peers");
    assert.deepEqual(near.ear.names, ["up", "down", "up", "peers"]);
  });

  worldTest("a signal that no server takes is refused here", async (world) => {
    const near = await world.join();
    await near.ear.until("up");
    const signal = { type: "offer", sdp: "x".repeat(100_000) };
    near.tracker.introduce({ to: near.peer, content: FILM, dial: DIAL, signal });
    assert.equal((await near.ear.until("refused")).code, "message-too-large");
  });

  worldTest("after close there is nothing to hear", async (world) => {
    const near = await world.join();
    await near.ear.until("up");
    near.tracker.announce(FILM, WANT_ALL);
    near.tracker.close();
    near.tracker.close();
    near.tracker.announce(SONG, WANT_ALL);
    const far = await world.join();
    far.tracker.announce(FILM, WANT_ALL);
    await far.ear.until("peers");
    world.breakLinks();
    await far.ear.until("down");
    assert.deepEqual(near.ear.names, ["up"]);
  });
}
