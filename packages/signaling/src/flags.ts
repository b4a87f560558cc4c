import { type ParseArgsConfig, parseArgs } from "node:util";
import { RivuletError } from "@rivulet/sdk/protocol";
import { DEFAULTS, type SignalingOptions, signalingOptions, unknownOption } from "./options.ts";

/** What the command line asks for. */
export type Command =
  | { readonly type: "run"; readonly options: SignalingOptions }
  | { readonly type: "help" }
  | { readonly type: "version" };

interface Flag {
  readonly option: keyof SignalingOptions;
  readonly value: string;
  readonly help: string;
}

const FLAGS: Readonly<Record<string, Flag>> = {
  port: { option: "port", value: "N", help: "TCP port; 0 takes a free one" },
  host: { option: "host", value: "ADDRESS", help: "address to listen on" },
  "allow-origin": {
    option: "allowOrigins",
    value: "URL",
    help: "page origin that may connect (repeatable; default any)",
  },
  "trust-forwarded-for": {
    option: "trustForwardedFor",
    value: "",
    help: "count addresses by a proxy's X-Forwarded-For",
  },
  "max-connections": { option: "maxConnections", value: "N", help: "open connections" },
  "max-connections-per-address": {
    option: "maxConnectionsPerAddress",
    value: "N",
    help: "open connections from one address or IPv6 /64",
  },
  "max-rooms": { option: "maxRooms", value: "N", help: "swarms at a time" },
  "max-members": { option: "maxMembersPerRoom", value: "N", help: "members of one swarm" },
  "max-rooms-per-peer": { option: "maxRoomsPerPeer", value: "N", help: "swarms that one peer is in" },
  "max-peers-per-reply": {
    option: "maxPeersPerReply",
    value: "N",
    help: "peers that an announce is answered with",
  },
  "max-message-bytes": { option: "maxMessageBytes", value: "BYTES", help: "size of one message" },
  "message-rate": { option: "messageRate", value: "N", help: "messages a second from one connection" },
  "message-burst": { option: "messageBurst", value: "N", help: "messages at once from one connection" },
  "max-refused-messages": {
    option: "maxRefusedMessages",
    value: "N",
    help: "messages beyond the rate before the connection is closed",
  },
  "max-buffered-bytes": {
    option: "maxBufferedBytes",
    value: "BYTES",
    help: "bytes that wait for a client that does not read",
  },
  "heartbeat-ms": { option: "heartbeatMs", value: "MS", help: "time between two pings" },
  "greeting-timeout-ms": { option: "greetingTimeoutMs", value: "MS", help: "time for a client to say hello" },
  "announce-interval-ms": { option: "announceIntervalMs", value: "MS", help: "when peers announce again" },
  "close-timeout-ms": {
    option: "closeTimeoutMs",
    value: "MS",
    help: "time for a closing connection to say goodbye",
  },
};

/** @throws RivuletError `bad-option`, in one line that names the flag. */
export function readFlags(args: readonly string[]): Command {
  const given = new Map<string, string[]>();
  // Not strict: node's own message for a mistyped flag is long and does not say which one was meant.
  const { tokens } = parseArgs({ args: [...args], options: parseOptions(), strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === "positional") throw bad(`There is no argument ${token.value}; options start with --.`);
    if (token.kind === "option-terminator") continue;
    if (token.name === "help" || token.name === "h") return { type: "help" };
    if (token.name === "version") return { type: "version" };
    const known = Object.hasOwn(FLAGS, token.name) ? FLAGS[token.name] : undefined;
    if (!known)
      throw unknownOption(
        token.rawName,
        Object.keys(FLAGS).map((name) => `--${name}`),
      );
    if (known.value !== "" && (!token.value || (!token.inlineValue && token.value.startsWith("--")))) {
      throw bad(`--${token.name} needs a value: --${token.name} ${known.value}.`);
    }
    if (known.value === "" && token.value !== undefined) throw bad(`--${token.name} takes no value.`);
    given.set(token.name, [...(given.get(token.name) ?? []), token.value ?? ""]);
  }
  // Unchecked until here: signalingOptions takes nothing on trust, and complains under the flag's own name.
  const values = [...given].map(([name, texts]) => [FLAGS[name]?.option, optionValue(name, texts)] as const);
  return { type: "run", options: signalingOptions(Object.fromEntries(values), flagOf) };
}

/** What --help prints. */
export function helpText(): string {
  const lines = Object.entries(FLAGS).map(([name, { option, value, help }]) => {
    const standard = DEFAULTS[option];
    const shown = typeof standard === "object" || typeof standard === "boolean" ? "" : ` (${standard})`;
    return `  ${`--${name} ${value}`.padEnd(34)} ${help}${shown}`;
  });
  return [
    "Usage: rivulet-signal [options]",
    "",
    "Introduces browsers to each other for Rivulet. It never carries content.",
    "",
    ...lines,
    `  ${"--version".padEnd(34)} print the version`,
    `  ${"--help".padEnd(34)} print this`,
  ].join("\n");
}

function parseOptions(): NonNullable<ParseArgsConfig["options"]> {
  const flags = Object.entries(FLAGS).map(([name, { option, value }]) => {
    const multiple = option === "allowOrigins";
    return [
      name,
      value === "" ? { type: "boolean" as const } : { type: "string" as const, multiple },
    ] as const;
  });
  return {
    ...Object.fromEntries(flags),
    help: { type: "boolean", short: "h" },
    version: { type: "boolean" },
  };
}

/** The texts of a flag as its option wants them; a flag that is given twice counts as the last time. */
function optionValue(name: string, texts: readonly string[]): unknown {
  const flag = FLAGS[name];
  const last = texts.at(-1) ?? "";
  if (flag?.value === "") return true;
  if (flag?.option === "allowOrigins") return texts;
  // What is not digits stays text, so that the option's own check can quote it.
  return flag?.option === "host" || !/^\d+$/.test(last) ? last : Number(last);
}

function flagOf(option: string): string {
  const name = Object.keys(FLAGS).find((flag) => FLAGS[flag]?.option === option);
  return name === undefined ? option : `--${name}`;
}

function bad(message: string): RivuletError {
  return new RivuletError("bad-option", message);
}
