import {
  MAX_DURATION_MS,
  MAX_PEERS_PER_REPLY,
  MAX_SIGNAL_MESSAGE_BYTES,
  minute,
  nearestName,
  RivuletError,
  second,
} from "@rivulet/sdk/protocol";

export interface SignalingOptions {
  /** TCP port to listen on; 0 takes a free one. */
  readonly port: number;
  /** Address to listen on; `0.0.0.0` for every IPv4 interface, `::` for every one. */
  readonly host: string;
  /** Page origins whose scripts may connect, such as `https://www.example`; when empty, any may, and so may programs. */
  readonly allowOrigins: readonly string[];
  /** Whether to count addresses by the last entry of X-Forwarded-For; only behind a proxy that writes it. */
  readonly trustForwardedFor: boolean;
  /** Open WebSocket connections, in all. */
  readonly maxConnections: number;
  /** Open WebSocket connections from one IPv4 address or one IPv6 /64. */
  readonly maxConnectionsPerAddress: number;
  /** Swarms that exist at a time. */
  readonly maxRooms: number;
  /** Members of one swarm. */
  readonly maxMembersPerRoom: number;
  /** Swarms that one peer is in at a time. */
  readonly maxRoomsPerPeer: number;
  /** Peers that one announce is answered with. */
  readonly maxPeersPerReply: number;
  /** Size of one message, in bytes; a longer one is refused, one of more than four times as much costs the connection. */
  readonly maxMessageBytes: number;
  /** Messages a second from one connection, in the long run. */
  readonly messageRate: number;
  /** Messages at once from one connection. */
  readonly messageBurst: number;
  /** Messages beyond the rate that are refused before the connection is closed; filled up again at the rate. */
  readonly maxRefusedMessages: number;
  /** Bytes that wait for a client which does not read, beyond which it is cut off. */
  readonly maxBufferedBytes: number;
  /** Milliseconds between two WebSocket pings; a connection that is silent from one to the next is cut off. */
  readonly heartbeatMs: number;
  /** Milliseconds from connecting to a hello, beyond which the connection is closed. */
  readonly greetingTimeoutMs: number;
  /** Milliseconds after which a peer is asked to announce again. */
  readonly announceIntervalMs: number;
  /** Milliseconds that a closing connection has to say goodbye, at shutdown too, before it is cut off. */
  readonly closeTimeoutMs: number;
}

export const DEFAULTS: SignalingOptions = {
  port: 8787,
  host: "127.0.0.1",
  allowOrigins: [],
  trustForwardedFor: false,
  maxConnections: 10_000,
  maxConnectionsPerAddress: 100,
  maxRooms: 10_000,
  maxMembersPerRoom: 10_000,
  maxRoomsPerPeer: 100,
  maxPeersPerReply: MAX_PEERS_PER_REPLY,
  maxMessageBytes: MAX_SIGNAL_MESSAGE_BYTES,
  messageRate: 50,
  messageBurst: 500,
  maxRefusedMessages: 5_000,
  maxBufferedBytes: 512 * 1024,
  heartbeatMs: 30 * second,
  greetingTimeoutMs: 10 * second,
  announceIntervalMs: 2 * minute,
  closeTimeoutMs: 2 * second,
};

type NamesOf<Value> = {
  [Name in keyof SignalingOptions]: SignalingOptions[Name] extends Value ? Name : never;
}[keyof SignalingOptions];

export type NumberOption = NamesOf<number>;

const MANY = 10_000_000;

/** The least and the most that each number may be; all are whole. */
const BOUNDS: Readonly<Record<NumberOption, readonly [min: number, max: number]>> = {
  port: [0, 65_535],
  maxConnections: [1, MANY],
  maxConnectionsPerAddress: [1, MANY],
  maxRooms: [1, MANY],
  maxMembersPerRoom: [1, MANY],
  maxRoomsPerPeer: [1, MANY],
  maxPeersPerReply: [0, MAX_PEERS_PER_REPLY],
  // A hello takes 150 bytes; four times the most still fits what a WebSocket frame is read into.
  maxMessageBytes: [256, 16 * 1024 * 1024],
  messageRate: [1, MANY],
  messageBurst: [1, MANY],
  maxRefusedMessages: [0, MANY],
  maxBufferedBytes: [1024, 1024 * 1024 * 1024],
  heartbeatMs: [1, MAX_DURATION_MS],
  greetingTimeoutMs: [1, MAX_DURATION_MS],
  announceIntervalMs: [1, MAX_DURATION_MS],
  closeTimeoutMs: [1, MAX_DURATION_MS],
};

/**
 * Fills in the defaults. `label` says how a user knows an option: by its name, or by a flag of the command line.
 * @throws RivuletError `bad-option`, naming the option.
 */
export function signalingOptions(
  given: Partial<SignalingOptions>,
  label = (name: string) => name,
): SignalingOptions {
  const names = Object.keys(DEFAULTS);
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(DEFAULTS, name)) throw unknownOption(name, names);
    const wrong = complaint(name, value);
    if (wrong !== undefined) throw new RivuletError("bad-option", `${label(name)} ${wrong}.`);
  }
  const allowOrigins = (given.allowOrigins ?? DEFAULTS.allowOrigins).flatMap((text) => originOf(text) ?? []);
  return { ...DEFAULTS, ...given, allowOrigins };
}

/** An option that does not exist, with the one that was probably meant. */
export function unknownOption(name: string, known: readonly string[]): RivuletError {
  const nearest = nearestName(name, known);
  const hint = nearest === undefined ? "" : `; did you mean ${nearest}?`;
  return new RivuletError("bad-option", `There is no option ${name}${hint || "."}`);
}

function complaint(name: string, value: unknown): string | undefined {
  if (isNumberOption(name)) {
    const [min, max] = BOUNDS[name];
    const fits = typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
    return fits ? undefined : `is a whole number from ${min} to ${max}, not ${String(value)}`;
  }
  if (name === "trustForwardedFor") return typeof value === "boolean" ? undefined : "is true or false";
  if (name === "host")
    return typeof value === "string" && value !== "" ? undefined : "is an address to listen on";
  const origins: readonly unknown[] = Array.isArray(value) ? value : [value];
  const bad = origins.find((origin) => originOf(origin) === undefined);
  return Array.isArray(value) && bad === undefined
    ? undefined
    : `takes origins such as https://www.example, not ${String(bad ?? value)}`;
}

function isNumberOption(name: string): name is NumberOption {
  return Object.hasOwn(BOUNDS, name);
}

/** As a browser writes it in its Origin header. Undefined for what is no origin, such as a URL with a path. */
function originOf(value: unknown): string | undefined {
  if (typeof value !== "string" || !URL.canParse(value)) return undefined;
  const { origin, pathname, search, hash } = new URL(value);
  return origin === "null" || pathname !== "/" || search !== "" || hash !== "" ? undefined : origin;
}
