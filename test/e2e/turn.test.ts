import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SignJWT } from "jose";
import type { Page } from "puppeteer-core";
import { type SignalingServer, startSignalingServer } from "#signaling/index.ts";
import { SILENT_LOGGER } from "#signaling/operation/logger.ts";
import { Coturn } from "../support/coturn.ts";
import { blankPage, openStage, type Stage, type Viewer } from "./support/stage.ts";
import { assertRight, fetchAll, stats, until } from "./support/visit.ts";
import { waitFor } from "./support/wait-for.ts";

const SIZES = { "film.bin": 1_500_000 };
const NAMES = Object.keys(SIZES);
const TOKEN_SECRET = "a secret of at least thirty-two bytes";
const RELAY = 'data-store="memory" data-ice-transport-policy="relay"';
/** So that peers are reached through TURN servers by those who object to being known to others. */
const RELAY_WHO_OBJECT = 'data-store="memory" data-global-privacy-control="relay"';

/** A page's WebRTC connections as its own script sees them. */
interface Watched {
  readonly connections: RTCPeerConnection[];
  readonly iceErrors: number[];
  /** What it said to the signaling server. */
  readonly told: string[];
}

declare const window: { readonly watched: Watched };

async function watchConnections(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(() => {
    const watched: Watched = { connections: [], iceErrors: [], told: [] };
    Object.assign(window, { watched });
    globalThis.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        watched.connections.push(this);
        this.addEventListener("icecandidateerror", ({ errorCode }) => watched.iceErrors.push(errorCode));
      }
    };
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (text) {
      watched.told.push(String(text));
      send.call(this, text);
    };
  });
}

async function watchOneWhoObjects(page: Page): Promise<void> {
  await watchConnections(page);
  await page.evaluateOnNewDocument(() =>
    Object.defineProperty(navigator, "globalPrivacyControl", { value: true }),
  );
}

/** The kind of each candidate that left the page, and the address that it says to be known by otherwise. */
async function toldCandidates(viewer: Viewer): Promise<string[]> {
  const told = await viewer.page.evaluate(() => window.watched.told.join("\n"));
  return Array.from(told.matchAll(/candidate:[^"\\]* typ (\w+ raddr [^ ]+)/g), ([, kind = ""]) => kind);
}

/** The kinds of candidate at both ends of each connection's selected pair, and the names its TURN servers were asked with. */
function usedPairs(viewer: Viewer): Promise<{ local: string; remote: string; usernames: unknown[] }[]> {
  return viewer.page.evaluate(async () => {
    const used = [];
    for (const connection of window.watched.connections) {
      const report = await connection.getStats();
      const all = [...report.values()];
      const id = all.find(({ type }) => type === "transport")?.selectedCandidatePairId;
      if (connection.connectionState !== "connected" || id === undefined) continue;
      const pair = report.get(id);
      const usernames = connection.getConfiguration().iceServers?.map(({ username }) => username) ?? [];
      const kindOf = (candidate: string): string => report.get(candidate).candidateType;
      used.push({ local: kindOf(pair.localCandidateId), remote: kindOf(pair.remoteCandidateId), usernames });
    }
    return used;
  });
}

describe("pages that reach each other through a TURN server only", () => {
  let coturn: Coturn;
  let stage: Stage;
  const servers: SignalingServer[] = [];
  before(async () => {
    coturn = await Coturn.start("the secret of the TURN server");
    stage = await openStage({ sizes: SIZES, signaling: false });
    const token = await new SignJWT({ aud: "rivulet", sub: "visitor" })
      .setProtectedHeader({ alg: "HS256" })
      .setExpirationTime("1h")
      .sign(new TextEncoder().encode(TOKEN_SECRET));
    for (const [name, turnSecret] of [
      ["relay", coturn.secret],
      ["wrong", "another secret"],
    ] as const) {
      const options = { port: 0, turnUrls: [coturn.url("udp")], turnSecret, tokenSecret: TOKEN_SECRET };
      const server = await startSignalingServer(options, { logger: SILENT_LOGGER });
      servers.push(server);
      for (const [path, attributes] of [
        [`/${name}.html`, RELAY],
        [`/${name}-who-object.html`, RELAY_WHO_OBJECT],
      ] as const) {
        const html = blankPage(server.url, `${attributes} data-token="${token}"`);
        stage.origin.files.set(path, new TextEncoder().encode(html));
      }
    }
  });
  after(async () => {
    await stage?.close();
    await Promise.all(servers.map((server) => server.close()));
    await coturn?.dispose();
  });

  it("exchange content through it with the credentials that the signaling server handed out", async () => {
    const a = await stage.open("/relay.html", watchConnections);
    assertRight(stage, await fetchAll(a, NAMES));
    const b = await stage.open("/relay-who-object.html", watchOneWhoObjects);
    await until(b, ({ peers }) => peers.length === 1);
    for (const name of NAMES) stage.origin.faults.set(`/assets/${name}`, { down: true });
    assertRight(stage, await fetchAll(b, NAMES));
    stage.origin.faults.clear();
    const { peerBytes, originBytes, peer } = await stats(b);
    assert.deepEqual([peerBytes, originBytes], [stage.totalBytes, 0]);
    const [pair, ...others] = await usedPairs(b);
    assert.deepEqual([pair?.local, pair?.remote, others], ["relay", "relay", []]);
    assert.match(String(pair?.usernames), new RegExp(`^\\d{10}:${peer}$`));
    for (const viewer of [a, b]) {
      const kinds = await toldCandidates(viewer);
      assert.deepEqual([...new Set(kinds)], ["relay raddr 0.0.0.0"], "An address left the page.");
    }
    await Promise.all([a.close(), b.close()]);
  });

  it("do not reach each other with credentials that were made from another secret", async () => {
    const a = await stage.open("/wrong.html", watchConnections);
    assertRight(stage, await fetchAll(a, NAMES));
    const b = await stage.open("/wrong.html", watchConnections);
    await waitFor({
      look: () =>
        b.page.evaluate(() => ({
          errors: window.watched.iceErrors,
          gathered: window.watched.connections.map(({ iceGatheringState }) => iceGatheringState),
        })),
      wished: ({ errors, gathered }) =>
        errors.includes(401) && gathered.every((state) => state === "complete"),
      seconds: 20,
      otherwise: "The TURN server did not refuse",
    });
    assertRight(stage, await fetchAll(b, NAMES));
    const { peerBytes, peers } = await stats(b);
    assert.deepEqual([peerBytes, peers, await usedPairs(b)], [0, [], []]);
    await Promise.all([a.close(), b.close()]);
  });
});
