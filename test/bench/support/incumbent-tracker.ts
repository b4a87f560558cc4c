import { once } from "node:events";
import type { Socket } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { INCUMBENT } from "./player-pages.ts";

export interface IncumbentTracker {
  readonly port: number;
  close(): Promise<void>;
}

/** The little of bittorrent-tracker's server that is used here; it is not there to be type-checked. */
interface Server extends NodeJS.EventEmitter {
  readonly http: NodeJS.EventEmitter & { address(): { readonly port: number } };
  listen(port: number, host: string): void;
  close(done: () => void): void;
}

/** A WebTorrent tracker on this machine, as the incumbent's users run one. */
export async function startIncumbentTracker(): Promise<IncumbentTracker> {
  const file = pathToFileURL(join(INCUMBENT, "bittorrent-tracker/server.js")).href;
  const { default: TrackerServer }: { default: new (options: object) => Server } = await import(file);
  const server = new TrackerServer({ udp: false, http: true, ws: true, stats: false });
  server.on("error", (error) => console.error("The incumbent's tracker:", error));
  // It complains of clients that leave in mid-sentence, as closed pages do.
  server.on("warning", () => undefined);
  // It closes when its last client has gone, which may be never.
  const sockets = new Set<Socket>();
  server.http.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: server.http.address().port,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        for (const socket of sockets) socket.destroy();
      }),
  };
}
