import { MAX_DURATION_MS, MAX_SIGNAL_MESSAGE_BYTES, second } from "@rivulet/sdk/protocol";
import { MANY, type RowsFor } from "../rows.ts";

export interface LimitOptions {
  /** Open WebSocket connections, in all. */
  readonly maxConnections: number;
  /** Open WebSocket connections from one IPv4 address or one IPv6 /64. */
  readonly maxConnectionsPerAddress: number;
  /** New connections a second from one address, in the long run. */
  readonly addressConnectRate: number;
  /** New connections at once from one address. */
  readonly addressConnectBurst: number;
  /** Size of one message, in bytes; a longer one is refused, one of more than four times as much costs the connection. */
  readonly maxMessageBytes: number;
  /** Messages a second from one connection, in the long run. */
  readonly messageRate: number;
  /** Messages at once from one connection. */
  readonly messageBurst: number;
  /** Messages beyond the rate that are refused before the connection is closed; filled up again at the rate. */
  readonly maxRefusedMessages: number;
  /** Messages a second from all connections of one address, and of one token holder, in the long run. */
  readonly addressMessageRate: number;
  /** Messages at once from all connections of one address, and of one token holder. */
  readonly addressMessageBurst: number;
  /** Bytes that wait for a client which does not read, beyond which it is cut off. */
  readonly maxBufferedBytes: number;
  /** Milliseconds between two WebSocket pings; a connection that is silent from one to the next is cut off. */
  readonly heartbeatMs: number;
  /** Milliseconds from connecting to a hello, beyond which the connection is closed. */
  readonly greetingTimeoutMs: number;
  /** Milliseconds that a closing connection has to say goodbye, at shutdown too, before it is cut off. */
  readonly closeTimeoutMs: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;
const count = { kind: "number", min: 1, max: MANY, value: "N" } as const;
const duration = { kind: "number", min: 1, max: MAX_DURATION_MS, value: "MS" } as const;

export const LIMITS: RowsFor<LimitOptions> = {
  maxConnections: { ...count, default: 10_000, help: "open connections" },
  maxConnectionsPerAddress: {
    ...count,
    default: 100,
    help: "open connections from one address or IPv6 /64",
  },
  addressConnectRate: { ...count, default: 20, help: "new connections a second from one address" },
  addressConnectBurst: { ...count, default: 200, help: "new connections at once from one address" },
  maxMessageBytes: {
    kind: "number",
    default: MAX_SIGNAL_MESSAGE_BYTES,
    // A hello takes 150 bytes; four times the most still fits what a WebSocket frame is read into.
    min: 256,
    max: 16 * MIB,
    value: "BYTES",
    help: "size of one message",
  },
  messageRate: { ...count, default: 50, help: "messages a second from one connection" },
  messageBurst: { ...count, default: 500, help: "messages at once from one connection" },
  maxRefusedMessages: {
    ...count,
    min: 0,
    default: 5_000,
    help: "messages beyond the rate before the connection is closed",
  },
  addressMessageRate: {
    ...count,
    default: 1_000,
    help: "messages a second from one address, and from one token holder",
  },
  addressMessageBurst: {
    ...count,
    default: 20_000,
    help: "messages at once from one address, and from one token holder",
  },
  maxBufferedBytes: {
    kind: "number",
    default: 512 * KIB,
    min: KIB,
    max: 1024 * MIB,
    value: "BYTES",
    help: "bytes that wait for a client that does not read",
  },
  heartbeatMs: { ...duration, default: 30 * second, help: "time between two pings" },
  greetingTimeoutMs: { ...duration, default: 10 * second, help: "time for a client to say hello" },
  closeTimeoutMs: {
    ...duration,
    default: 2 * second,
    help: "time for a closing connection to say goodbye",
  },
};
