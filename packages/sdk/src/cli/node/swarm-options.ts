import { RivuletError } from "../../base/errors.ts";
import { LEAST_UPLOAD_BYTES_PER_SECOND } from "../../client/option-rules.ts";

/** What all commands that meet others take, for `readArguments`. */
export const SWARM_ARGUMENTS = {
  signal: { type: "string" },
  token: { type: "string" },
  ice: { type: "string", multiple: true },
  relay: { type: "boolean" },
  "upload-rate": { type: "string" },
} as const;

export const SWARM_USAGE = `  --signal URL      the signaling server, ws: or wss:; also RIVULET_SIGNAL
  --token TEXT      what that server asks for; also RIVULET_TOKEN
  --ice URL         a STUN or TURN server, such as stun:stun.example or turn:USER:PASSWORD@turn.example; may be repeated
  --relay           meet others through TURN servers only: none of them learns this machine's address
  --upload-rate N   upload at most N bytes per second
`;

interface SwarmArguments {
  readonly token?: string | undefined;
  readonly ice?: readonly string[] | undefined;
  readonly relay?: boolean | undefined;
  readonly "upload-rate"?: string | undefined;
}

/** How others are met, the signaling server's address aside. */
export interface SwarmOptions {
  readonly token: string;
  readonly iceServers: readonly RTCIceServer[];
  readonly iceTransportPolicy: "all" | "relay";
  readonly uploadBytesPerSecond: number;
}

/** @throws RivuletError `bad-option`. */
export function swarmOptions(given: SwarmArguments): SwarmOptions {
  return {
    token: given.token ?? process.env.RIVULET_TOKEN ?? "",
    iceServers: (given.ice ?? []).map(parseIceServer),
    iceTransportPolicy: given.relay ? "relay" : "all",
    uploadBytesPerSecond: parseRate(given["upload-rate"]),
  };
}

/** `turn:user:password@host:port?transport=udp`, as command lines of TURN clients have it. */
function parseIceServer(text: string): RTCIceServer {
  const parts = /^(stuns?|turns?):(?:([^:@]+):([^@]+)@)?([^@\s]+)$/i.exec(text);
  if (!parts)
    throw new RivuletError(
      "bad-option",
      `--ice must be such as stun:stun.example or turn:USER:PASSWORD@turn.example, not "${text}".`,
    );
  const [, scheme, username, credential, host] = parts;
  const urls = `${scheme}:${host}`;
  return username === undefined || credential === undefined ? { urls } : { urls, username, credential };
}

function parseRate(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  const rate = /^\d{1,12}$/.test(text) ? Number(text) : 0;
  if (rate >= LEAST_UPLOAD_BYTES_PER_SECOND) return rate;
  throw new RivuletError(
    "bad-option",
    `--upload-rate must be a whole number of at least ${LEAST_UPLOAD_BYTES_PER_SECOND}, bytes per second, not "${text}".`,
  );
}

/** @throws RivuletError `bad-option`. */
export function parseSignal(text: string, from: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^wss?:$/.test(url.protocol)) return url.href;
  throw new RivuletError("bad-option", `${from} must be a ws: or wss: URL, not "${text}".`);
}
