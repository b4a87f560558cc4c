import type {
  ReceivedShare,
  SentShare,
  Shareable,
  SharedFile,
  ShareProgress,
  Sharing,
} from "#demo/src/share/sharing.ts";
import { RivuletError } from "#sdk/base/errors.ts";

type Listeners = Map<string, Set<(event: never) => void>>;

const NOTHING: ShareProgress = {
  state: "looking",
  totalBytes: 0,
  doneBytes: 0,
  fileDoneBytes: [],
  uploadedBytes: 0,
  bytesPerSecond: 0,
  remainingMs: undefined,
  missingBytes: 0,
  peers: [],
  tracker: "up",
  error: undefined,
};

/** A share that does what a test tells it to, and nothing else. */
export class FakeShare implements SentShare, ReceivedShare {
  files: readonly SharedFile[];
  progress: ShareProgress = NOTHING;
  /** What was asked of it. */
  readonly calls: string[] = [];
  readonly link = `${location.origin}${location.pathname}#AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE`;
  readonly done = new Promise<void>(() => {});
  readonly #listeners: Listeners = new Map();

  constructor(files: readonly SharedFile[]) {
    this.files = files;
  }

  on(name: string, listener: (event: never) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** As if a receiver had learnt what is shared. */
  learn(files: readonly SharedFile[]): void {
    this.files = files;
    this.#emit("files", { files });
  }

  /** As if this had happened. */
  become(change: Partial<ShareProgress>): void {
    this.progress = { ...this.progress, ...change };
    this.#emit("progress", this.progress);
  }

  complain(code: RivuletError["code"], message: string): void {
    this.#emit("problem", { error: new RivuletError(code, message) });
  }

  fail(code: RivuletError["code"], message: string): void {
    this.become({ state: "failed", error: new RivuletError(code, message) });
  }

  async stop(): Promise<void> {
    this.calls.push("stop");
    this.become({ state: "stopped", peers: [] });
  }

  async file(index: number): Promise<File> {
    return new File(["x"], this.files[index]?.path.split("/").at(-1) ?? "file");
  }

  async saveTo({ name }: FileSystemDirectoryHandle): Promise<void> {
    this.calls.push(`saveTo ${name}`);
  }

  async zip(): Promise<File> {
    return new File(["x"], "files.zip");
  }

  async discard(): Promise<void> {
    this.calls.push("discard");
  }

  #emit(name: string, event: unknown): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(event as never);
  }
}

/** Sharing without a network; `opened` is told of each share, and may refuse it by throwing. */
export function fakeSharing(opened: (share: FakeShare, password: string | undefined) => void): Sharing {
  return {
    async share(files, { password }) {
      const share = new FakeShare(Array.from(files, listed));
      const totalBytes = share.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      share.progress = { ...NOTHING, state: "hashing", totalBytes, fileDoneBytes: share.files.map(() => 0) };
      opened(share, password);
      return share;
    },
    async receive(_, { password }) {
      const share = new FakeShare([]);
      opened(share, password);
      return share;
    },
    async droppedFiles({ files }) {
      return [...files];
    },
    readShareLink(text) {
      const token = text.split("#")[1] ?? "";
      if (token.length < 10) throw new RivuletError("bad-link", "The link is not complete.");
      return { needsPassword: token.startsWith("P") };
    },
  };
}

function listed(shareable: Shareable): SharedFile {
  if (shareable instanceof File) return { path: shareable.name, sizeBytes: shareable.size };
  if ("file" in shareable) return { path: shareable.path, sizeBytes: shareable.file.size };
  return { path: shareable.name, sizeBytes: 0 };
}
