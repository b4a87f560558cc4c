import assert from "node:assert/strict";
import { parseDialId } from "#sdk/base/ids.ts";
import { PeerLinks } from "#sdk/client/peer-links.ts";
import type { Input } from "#sdk/engine/io.ts";
import type { Connection, ConnectionEvents, Transport } from "#sdk/engine/ports.ts";
import { decodeFrame, type Frame } from "#sdk/protocol/frame.ts";
import { peerId } from "./sample.ts";

export const PEER = peerId("b");
export const PING: Frame = { type: "ping", handle: 0, request: 7 };
export const OFFER = { type: "offer", sdp: "x" };

export class FakeConnection implements Connection {
  readonly peer: typeof PEER;
  readonly initiator: boolean;
  readonly events: ConnectionEvents;
  readonly sent: Frame[] = [];
  readonly signals: object[] = [];
  bufferedBytes = 0;
  full = false;
  closed = false;

  constructor({ peer, initiator, events }: Parameters<Transport["connect"]>[0]) {
    this.peer = peer;
    this.initiator = initiator;
    this.events = events;
  }

  send(frame: Uint8Array): boolean {
    this.sent.push(decodeFrame(frame.slice()));
    return !this.full;
  }

  signal(signal: object): void {
    this.signals.push(signal);
  }

  close(): void {
    this.closed = true;
  }
}

export function stage() {
  const inputs: Input[] = [];
  const chunks: number[] = [];
  const connections: FakeConnection[] = [];
  let dials = 0;
  const links = new PeerLinks({
    transport: {
      connect: (options) => {
        const connection = new FakeConnection(options);
        connections.push(connection);
        return connection;
      },
    },
    input: (input) => inputs.push(input),
    onChunk: (bytes) => chunks.push(bytes),
    randomBytes: (length) => new Uint8Array(length).fill(++dials),
  });
  const nth = (index: number): FakeConnection => connections.at(index) ?? assert.fail("There is none.");
  return { links, inputs, chunks, connections, nth };
}

/** The first dial's random bytes are all 1. */
export const FIRST_DIAL = parseDialId("01".repeat(8));
