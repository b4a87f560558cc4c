import { WebSocket } from "ws";
import { createIdentity } from "#sdk/adapters/identity.ts";
import { webCryptoSha256 } from "#sdk/adapters/sha256.ts";
import { TrackerSocket } from "#sdk/adapters/tracker-socket.ts";
import { seededRandom } from "#sdk/base/random.ts";
import { startSignalingServer } from "#signaling/index.ts";
import { SILENT_LOGGER } from "#signaling/operation/logger.ts";
import { TrackerEar, trackerContract } from "#test/contract/tracker.ts";

trackerContract("TrackerSocket and the signaling server", async () => {
  const server = await startSignalingServer({ port: 0 }, { logger: SILENT_LOGGER });
  const sockets = new Set<WebSocket>();
  const trackers = new Set<TrackerSocket>();
  class WatchedWebSocket extends WebSocket {
    constructor(url: string) {
      super(url);
      sockets.add(this);
    }
  }
  return {
    join: async () => {
      const identity = await createIdentity(webCryptoSha256(), (length) =>
        crypto.getRandomValues(new Uint8Array(length)),
      );
      const ear = new TrackerEar();
      const tracker = new TrackerSocket({
        url: server.url,
        token: "",
        onIceServers: () => {},
        ...identity,
        events: ear,
        random: seededRandom(1),
        WebSocket: WatchedWebSocket,
        minDelayMs: 1,
      });
      trackers.add(tracker);
      return { peer: identity.peer, tracker, ear };
    },
    breakLinks: () => {
      for (const socket of sockets) socket.terminate();
      sockets.clear();
    },
    dispose: async () => {
      for (const tracker of trackers) tracker.close();
      await server.close();
    },
  };
});
