import type { Entry, ProcessId } from "../elsewhere.ts";
import { MessageReader } from "./message-reader.ts";

/** Processes that speak another version share nothing with this one. */
const CLUSTER_VERSION = 1;
/** Characters of one message. The largest carries a signal of 48 KiB, in which any character may be escaped. */
export const MAX_CLUSTER_MESSAGE_LENGTH = 320 * 1024;
/** Members in one message. */
export const MAX_CHANGES = 200;
/** Rooms in one message. */
export const MAX_LISTED_ROOMS = 200;
/** Messages of one snapshot: room for 200,000 members of one process. */
export const MAX_SNAPSHOT_PARTS = 1000;

export interface Put {
  readonly peer: string;
  readonly entry: unknown;
  readonly isNews: boolean;
}

/** A room and its version: 0 is a room that the speaker knows nobody in. */
export type RoomVersion = readonly [room: string, version: number];

/** Some changes to who is in a room over there; `base` is the version that they are changes to, 0 for a new room. */
export interface News {
  readonly type: "news";
  readonly base: number;
  readonly version: number;
  readonly puts: readonly Put[];
  readonly gone: readonly string[];
}

/** Everybody who is in a room over there, in `parts` messages. */
export interface Snapshot {
  readonly type: "snapshot";
  readonly version: number;
  readonly part: number;
  readonly parts: number;
  readonly puts: readonly Put[];
}

/** Said to every process. */
type ToAll = { readonly type: "beat"; readonly epoch: number } | { readonly type: "goodbye" };

/** Said to the processes that have members in one room. */
type ToRoom = { readonly type: "who" } | News | Snapshot;

/** Said to one process. */
type ToProcess =
  /** What the speaker holds of the hearer's rooms. */
  | { readonly type: "check"; readonly rooms: readonly RoomVersion[] }
  /** The hearer's versions where they differ; `at` is the newest version of any of its rooms. */
  | { readonly type: "versions"; readonly at: number; readonly rooms: readonly RoomVersion[] }
  /** Wants snapshots of these rooms. */
  | { readonly type: "ask"; readonly rooms: readonly string[] }
  /** Wants to be told of these members once more. */
  | { readonly type: "again"; readonly members: readonly (readonly [room: string, peer: string])[] }
  | { readonly type: "carry"; readonly payload: unknown };

export type ClusterMessage = ToAll | ToRoom | ToProcess;

/** Which kind of channel a message came on; each kind has messages of its own. */
export type Scope = "all" | "room" | "process";

export interface Heard<Message> {
  readonly home: ProcessId;
  readonly message: Message;
}

/** How every message of this process begins, so that it knows its own echo before it parses it. */
export function opening(home: ProcessId): string {
  return `{"v":${CLUSTER_VERSION},"home":"${home}",`;
}

export function encodeClusterMessage(home: ProcessId, message: ClusterMessage): string {
  return opening(home) + JSON.stringify(wire(message)).slice(1);
}

function wire(message: ClusterMessage): Entry {
  if (message.type !== "news" && message.type !== "snapshot") return { ...message };
  return {
    ...message,
    puts: message.puts.map(({ peer, entry, isNews }) => [peer, entry, isNews ? 1 : 0]),
  };
}

/** Undefined for what no process of this version says there: other versions and other programs may use the same bus. */
export function decodeClusterMessage(text: string, scope: Scope): Heard<ClusterMessage> | undefined {
  if (text.length > MAX_CLUSTER_MESSAGE_LENGTH) return undefined;
  const reader = MessageReader.parse(text);
  if (reader?.raw("v") !== CLUSTER_VERSION) return undefined;
  const home = parseProcessId(reader.raw("home"));
  const message = reader && read(reader, scope);
  return home === undefined || message === undefined ? undefined : { home, message };
}

/** 16 lower-case hex digits, drawn anew each time a process starts. */
export function parseProcessId(value: unknown): ProcessId | undefined {
  return typeof value === "string" && /^[0-9a-f]{16}$/.test(value) ? value : undefined;
}

function read(reader: MessageReader, scope: Scope): ClusterMessage | undefined {
  switch (scope) {
    case "all":
      return readToAll(reader);
    case "room":
      return readToRoom(reader);
    case "process":
      return readToProcess(reader);
    default:
      return scope satisfies never;
  }
}

function readToAll(reader: MessageReader): ToAll | undefined {
  const epoch = reader.whole("epoch", 0);
  if (reader.raw("type") === "goodbye") return { type: "goodbye" };
  return reader.raw("type") === "beat" && epoch !== undefined ? { type: "beat", epoch } : undefined;
}

function readToRoom(reader: MessageReader): ToRoom | undefined {
  const type = reader.raw("type");
  if (type === "who") return { type };
  const version = reader.whole("version", 1);
  const puts = reader.list("puts", MAX_CHANGES, readPut);
  if (version === undefined || !puts) return undefined;
  if (type === "news") {
    const base = reader.whole("base", 0);
    const gone = reader.list("gone", MAX_CHANGES, readPeer);
    return base === undefined || base >= version || !gone ? undefined : { type, base, version, puts, gone };
  }
  const parts = reader.whole("parts", 1);
  const part = reader.whole("part", 0);
  if (type !== "snapshot" || parts === undefined || part === undefined) return undefined;
  if (parts > MAX_SNAPSHOT_PARTS || part >= parts) return undefined;
  return { type, version, part, parts, puts };
}

function readToProcess(reader: MessageReader): ToProcess | undefined {
  const type = reader.raw("type");
  if (type === "carry") return { type, payload: reader.raw("payload") };
  if (type === "again") {
    const members = reader.list("members", MAX_LISTED_ROOMS, readMember);
    return members && { type, members };
  }
  if (type === "ask") {
    const rooms = reader.list("rooms", MAX_LISTED_ROOMS, readRoom);
    return rooms && { type, rooms };
  }
  const rooms = reader.list("rooms", MAX_LISTED_ROOMS, readRoomVersion);
  if (type === "check") return rooms && { type, rooms };
  const at = reader.whole("at", 0);
  return type === "versions" && rooms && at !== undefined ? { type, at, rooms } : undefined;
}

function readRoom(value: unknown): string | undefined {
  return typeof value === "string" && /^(r:[0-9a-f]{64}|w:[0-9a-f]{40})$/.test(value) ? value : undefined;
}

/** 32 hex digits, or the 20 bytes of a WebTorrent peer. */
function readPeer(value: unknown): string | undefined {
  return typeof value === "string" && value.length > 0 && value.length <= 64 ? value : undefined;
}

function readPut(value: unknown): Put | undefined {
  if (!Array.isArray(value)) return undefined;
  const [first, entry, isNews]: readonly unknown[] = value;
  const peer = readPeer(first);
  return peer === undefined ? undefined : { peer, entry, isNews: isNews === 1 };
}

function readMember(value: unknown): readonly [string, string] | undefined {
  if (!Array.isArray(value)) return undefined;
  const room = readRoom(value[0]);
  const peer = readPeer(value[1]);
  return room === undefined || peer === undefined ? undefined : [room, peer];
}

function readRoomVersion(value: unknown): RoomVersion | undefined {
  if (!Array.isArray(value)) return undefined;
  const [first, version]: readonly unknown[] = value;
  const room = readRoom(first);
  if (room === undefined || typeof version !== "number") return undefined;
  return Number.isSafeInteger(version) && version >= 0 ? [room, version] : undefined;
}
