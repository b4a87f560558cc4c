import { existsSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { ask, type Child, SERVER_CORE, startPinned } from "./children.ts";

/** `rivulet`: ours; `incumbent`: bittorrent-tracker; `echo`: `ws` and nothing else. */
export const SERVERS = ["rivulet", "incumbent", "echo"] as const;
export type ServerName = (typeof SERVERS)[number];

export interface Memory {
  readonly rssBytes: number;
  readonly heapBytes: number;
}

export interface TestServer extends Child {
  readonly port: number;
  /** After collections. */
  memory(): Promise<Memory>;
}

/** A limit that a measurement of speed must not hit, as flags take it. */
const MANY = "10000000";
const HOUR_MS = "3600000";
/** Every limit on how much one client may do: what remains is the server's own speed. */
export const NO_LIMITS: readonly string[] = [
  ...["--max-connections", MANY, "--max-connections-per-address", MANY],
  ...["--max-rooms", MANY, "--max-rooms-per-address", MANY],
  ...["--message-rate", MANY, "--message-burst", MANY],
  ...["--address-message-rate", MANY, "--address-message-burst", MANY],
  ...["--address-connect-rate", MANY, "--address-connect-burst", MANY],
  ...["--greeting-timeout-ms", HOUR_MS],
];

const PROGRAMS: Readonly<Record<ServerName | "sink", string>> = {
  rivulet: file("../../../../packages/signaling/dist/cli.js"),
  incumbent: file("incumbent-server.mjs"),
  echo: file("bare-server.mjs"),
  sink: file("bare-server.mjs"),
};
const START_LIMIT_MS = 20_000;
const POLL_MS = 20;

/** Starts a server on its core, on a free port unless one is named, and waits until it accepts connections. */
export async function startServer(
  name: ServerName | "sink",
  { flags = [], port }: { readonly flags?: readonly string[]; readonly port?: number } = {},
): Promise<TestServer> {
  const program = PROGRAMS[name];
  if (!existsSync(program)) throw new Error(`${program} is missing; run this through \`npm run bench\`.`);
  const at = port ?? (await freePort());
  const args =
    name === "rivulet" ? ["--port", String(at), "--log-level", "error", ...flags] : [String(at), name];
  const options = ["--expose-gc", "--import", file("probe.mjs")];
  const child = startPinned(SERVER_CORE, process.execPath, [...options, program, ...args]);
  await accepting(child, at);
  return {
    ...child,
    port: at,
    memory: async () => {
      const answer: unknown = await ask(child, { ask: "memory" });
      return memoryOf(answer);
    },
  };
}

function memoryOf(answer: unknown): Memory {
  if (typeof answer === "object" && answer !== null && "rssBytes" in answer && "heapBytes" in answer)
    return { rssBytes: Number(answer.rssBytes), heapBytes: Number(answer.heapBytes) };
  throw new Error("The server did not tell its memory.");
}

/** Waits until somebody listens at a port of this machine. */
export async function accepting(child: Child, port: number): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MS;
  while (!(await answers(port))) {
    if (!child.isAlive()) throw new Error(`A server ended as it started: ${child.stderr()}`);
    if (performance.now() > deadline) throw new Error(`Nothing listens at port ${port}: ${child.stderr()}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("There is no free port.");
  return address.port;
}

function file(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
