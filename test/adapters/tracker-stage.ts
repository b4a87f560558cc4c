import type { TestContext } from "node:test";
import { WebSocket } from "ws";
import { TrackerSocket, type TrackerSocketOptions } from "#sdk/adapters/tracker-socket.ts";
import { parseContentId, parseDialId, parsePeerId } from "#sdk/base/ids.ts";
import { TrackerEar } from "#test/contract/tracker.ts";
import { constantRandom, FakeServer, FakeTimers } from "./tracker-fakes.ts";

export const PEER = parsePeerId("aa".repeat(16));
export const OTHER = parsePeerId("bb".repeat(16));
export const SECRET = "cc".repeat(32);
export const FILM = parseContentId("f1".repeat(32));
export const SONG = parseContentId("50".repeat(32));
export const DIAL = parseDialId("d1".repeat(8));

export const TIMEOUT = { timeout: 20_000 };

/** A tracker that talks to a server and waits on timers, both in the test's hand. */
export async function stage(t: TestContext, options: Partial<TrackerSocketOptions> = {}) {
  const server = await FakeServer.start(t);
  const timers = new FakeTimers();
  const ear = new TrackerEar();
  const tracker = new TrackerSocket({
    url: server.url,
    token: "",
    onIceServers: () => {},
    peer: PEER,
    secret: SECRET,
    events: ear,
    random: constantRandom(1),
    WebSocket,
    startTimer: timers.start,
    ...options,
  });
  t.after(() => tracker.close());
  return { server, timers, ear, tracker };
}

/** The same, after the first welcome. */
export async function stageUp(t: TestContext, options: Partial<TrackerSocketOptions> = {}) {
  const staged = await stage(t, options);
  await staged.server.heard(1);
  staged.server.welcome();
  await staged.ear.until("up");
  return staged;
}
