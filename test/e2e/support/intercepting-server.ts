import { type WebSocket as Socket, WebSocket, WebSocketServer } from "ws";
import { type PeerId, parsePeerId } from "#sdk/base/ids.ts";
import { openNodeWorld } from "#sdk/cli/node/node-world.ts";
import type { Connection } from "#sdk/engine/ports.ts";

interface Introduce {
  readonly type: "introduce";
  readonly to?: string;
  readonly from?: string;
  readonly content: string;
  readonly dial: string;
  readonly signal: { readonly type?: string };
}

/** One end of a channel to one of the two sides. What it passes on waits until the channel is open. */
interface Half {
  signal(signal: object): void;
  pass(bytes: Uint8Array): void;
  /** Ends it, after what waits. */
  end(): void;
  close(): void;
}

/** A malicious signaling server: it answers every offer itself, and makes one of its own to whoever was meant. */
export interface InterceptingServer {
  readonly url: string;
  /** All that the two sides sent each other through it, over channels whose certificates are its own. */
  readonly seen: readonly Uint8Array[];
  close(): Promise<void>;
}

/** `honestUrl`: the signaling server behind it, which knows who is there. */
export async function startInterceptingServer(honestUrl: string): Promise<InterceptingServer> {
  const world = await openNodeWorld();
  const transport = world.transport({ iceServers: [], iceTransportPolicy: "all" });
  const seen: Uint8Array[] = [];
  const halves = new Map<string, { readonly dialler: Socket; readonly near: Half; readonly far: Half }>();

  const half = (
    { peer, initiator }: { readonly peer: PeerId; readonly initiator: boolean },
    { other, tell }: { readonly other: () => Half; readonly tell: (signal: object) => void },
  ): Half => {
    const waiting: ((connection: Connection) => void)[] = [];
    let isOpen = false;
    const act = (what: (connection: Connection) => void) => {
      if (isOpen) what(connection);
      else waiting.push(what);
    };
    const connection = transport.connect({
      peer,
      initiator,
      events: {
        onOpen: (opened) => {
          isOpen = true;
          for (const each of waiting.splice(0)) each(opened);
        },
        onFrame: (_, bytes) => {
          const copy = bytes.slice();
          seen.push(copy);
          other().pass(copy);
        },
        onWritable: () => undefined,
        onClose: () => other().end(),
        onSignal: (_, signal) => tell(signal),
      },
    });
    return {
      signal: (signal) => connection.signal(signal),
      pass: (bytes) => act((open) => open.send(bytes)),
      end: () => act((open) => open.close()),
      close: () => connection.close(),
    };
  };

  /** True for a message that goes no further. */
  const intercepts = (text: string, client: Socket, server: Socket): boolean => {
    const message = JSON.parse(text) as Introduce;
    if (message.type !== "introduce") return false;
    const { dial, content, to, from, signal } = message;
    const known = halves.get(dial);
    if (known) {
      // Whoever was dialled speaks with the other half as if it were the dialler.
      if (client !== known.dialler) return false;
      (from === undefined ? known.near : known.far).signal(signal);
      return true;
    }
    if (to === undefined || signal.type !== "offer") return false;
    const peer = parsePeerId(to);
    const near: Half = half(
      { peer, initiator: false },
      {
        other: () => far,
        tell: (signal) => client.send(JSON.stringify({ type: "introduce", from: to, content, dial, signal })),
      },
    );
    const far: Half = half(
      { peer, initiator: true },
      {
        other: () => near,
        tell: (signal) => server.send(JSON.stringify({ type: "introduce", to, content, dial, signal })),
      },
    );
    halves.set(dial, { dialler: client, near, far });
    near.signal(signal);
    return true;
  };

  const listener = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  const sockets = new Set<Socket>();
  listener.on("connection", (client) => {
    const server = new WebSocket(honestUrl);
    const waiting: string[] = [];
    sockets.add(client).add(server);
    const pass = (text: string, to: Socket) => {
      if (!intercepts(text, client, server)) to.send(text);
    };
    client.on("message", (data) => {
      if (server.readyState === WebSocket.OPEN) pass(String(data), server);
      else waiting.push(String(data));
    });
    server.on("open", () => {
      for (const text of waiting.splice(0)) pass(text, server);
    });
    server.on("message", (data) => pass(String(data), client));
    client.on("close", () => server.close());
    server.on("close", () => client.close());
  });
  await new Promise((resolve) => listener.once("listening", resolve));
  const { port } = listener.address() as { port: number };
  return {
    url: `ws://127.0.0.1:${port}`,
    seen,
    async close() {
      for (const socket of sockets) socket.on("error", () => undefined).terminate();
      for (const { near, far } of halves.values()) for (const each of [near, far]) each.close();
      await new Promise((resolve) => listener.close(resolve));
      await world.close();
    },
  };
}
