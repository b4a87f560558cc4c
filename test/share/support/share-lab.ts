import { randomBytes } from "node:crypto";
import type { RivuletError } from "#sdk/base/errors.ts";
import { receiveShare } from "#sdk/client/share/receive-share.ts";
import type { RunningShare, ShareSettings } from "#sdk/client/share/running-share.ts";
import { type SendingShare, sendShare } from "#sdk/client/share/send-share.ts";
import { MemorySink, MemorySource } from "./memory-disk.ts";
import { MemoryNet } from "./memory-net.ts";

const SETTINGS: ShareSettings = {
  signal: "ws://memory.example",
  token: "",
  iceServers: [],
  iceTransportPolicy: "all",
  password: undefined,
  uploadBytesPerSecond: Number.POSITIVE_INFINITY,
};

/** Random bytes that look like nothing else. */
export function someBytes(length: number): Uint8Array {
  return new Uint8Array(randomBytes(length));
}

/** Shares between senders and receivers of one program; ends all of them. */
export class ShareLab {
  readonly net = new MemoryNet();
  readonly #open: RunningShare[] = [];

  async send(
    files: Readonly<Record<string, Uint8Array>> | MemorySource,
    settings: Partial<ShareSettings> = {},
  ): Promise<SendingShare> {
    const source = files instanceof MemorySource ? files : new MemorySource(files);
    const share = await sendShare({
      source,
      settings: { ...SETTINGS, ...settings },
      world: this.net.world(),
    });
    this.#open.push(share);
    return share;
  }

  async receive(
    token: string,
    {
      sink = new MemorySink(),
      seed = true,
      opens = () => Promise.resolve(),
      listens = true,
      ...settings
    }: Partial<ShareSettings> & {
      sink?: MemorySink;
      seed?: boolean;
      opens?: () => Promise<void>;
      listens?: boolean;
    } = {},
  ): Promise<RunningShare & { readonly sink: MemorySink; readonly problems: RivuletError[] }> {
    const share = await receiveShare({
      token,
      openSink: async () => {
        await opens();
        return sink;
      },
      settings: { ...SETTINGS, ...settings },
      world: this.net.world(),
      seed,
    });
    this.#open.push(share);
    return Object.assign(share, { sink, problems: listens ? problemsOf(share) : [] });
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.map((share) => share.stop()));
  }
}

/** Runs a test in a lab of its own. */
export async function inLab(run: (lab: ShareLab) => Promise<void>): Promise<void> {
  const lab = new ShareLab();
  try {
    await run(lab);
  } finally {
    await lab.close();
  }
}

/** All problems that a share tells of from now on. */
export function problemsOf(share: RunningShare): RivuletError[] {
  const problems: RivuletError[] = [];
  share.on("problem", ({ error }) => problems.push(error));
  return problems;
}
