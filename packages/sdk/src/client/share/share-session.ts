import { Emitter } from "../../base/emitter.ts";
import type { RivuletError } from "../../base/errors.ts";
import type { ContentId, PeerId } from "../../base/ids.ts";
import { RateMeter } from "../../base/rate.ts";
import { second } from "../../base/time.ts";
import type { FileStream } from "../../content/share/file-stream.ts";
import type { EngineEvent } from "../../engine/events.ts";
import type { SwarmNode } from "../swarm-node.ts";
import { SaidLately } from "./said-lately.ts";
import type { ShareEvents, ShareProgress, ShareState } from "./share-events.ts";
import { ShareTally } from "./share-tally.ts";

const PROGRESS_EVERY_MS = second / 4;
const MOST_EARLY = 16;

/** The state of a share as a person sees it, at either end. */
export class ShareSession {
  readonly #emitter = new Emitter<ShareEvents>((error) =>
    console.error("[rivulet] A listener threw:", error),
  );
  readonly #now: () => number;
  readonly #content: ContentId;
  readonly #rate = new RateMeter();
  readonly #said = new SaidLately();
  /** Problems that nobody has listened to yet. */
  readonly #early: RivuletError[] = [];
  #node: SwarmNode | undefined;
  #knowsList: (peer: PeerId) => boolean = () => false;
  #stream: FileStream | undefined;
  #tally: ShareTally | undefined;
  #state: ShareState;
  #error: RivuletError | undefined;
  #uploadedBytes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: {
    readonly content: ContentId;
    readonly now: () => number;
    readonly state: ShareState;
  }) {
    this.#content = parts.content;
    this.#now = parts.now;
    this.#state = parts.state;
  }

  readonly on: Emitter<ShareEvents>["on"] = (name, listener) => {
    const off = this.#emitter.on(name, listener);
    if (name === "problem") queueMicrotask(() => this.#tellEarly());
    return off;
  };

  get files(): FileStream["files"] {
    return this.#stream?.files ?? [];
  }

  get state(): ShareState {
    return this.#state;
  }

  get tally(): ShareTally | undefined {
    return this.#tally;
  }

  /** Who is connected is known from now on, and who was sent the list of files. */
  runs(node: SwarmNode, knowsList: (peer: PeerId) => boolean): void {
    this.#node = node;
    this.#knowsList = knowsList;
  }

  /** The files are known. */
  describe(stream: FileStream): void {
    this.#stream = stream;
    this.#tally = new ShareTally(stream);
    this.#emitter.emit("files", { files: stream.files });
    // Nothing ever comes that would make them whole.
    stream.files.forEach(({ sizeBytes }, file) => {
      if (sizeBytes === 0) this.#emitter.emit("file", { file });
    });
    this.changed();
  }

  enter(state: ShareState): void {
    if (this.#state === state || this.#state === "stopped") return;
    this.#state = state;
    this.#tell();
  }

  fail(error: RivuletError): void {
    if (this.#state === "failed" || this.#state === "stopped") return;
    this.#error = error;
    this.enter("failed");
    this.problem(error);
  }

  readonly problem = (error: RivuletError): void => {
    if (!this.#said.maySay(error.message, this.#now())) return;
    if (this.#emitter.has("problem")) this.#emitter.emit("problem", { error });
    else if (this.#early.length < MOST_EARLY) this.#early.push(error);
  };

  /** Whoever gets a share can listen only then, and some problems are faster. */
  #tellEarly(): void {
    for (const error of this.#early.splice(0)) this.#emitter.emit("problem", { error });
  }

  /** A piece is there; `bytes` count into the rate. */
  done(piece: number, bytes: number): void {
    this.#rate.add(bytes, this.#now());
    for (const file of this.#tally?.add(piece) ?? []) this.#emitter.emit("file", { file });
    this.changed();
  }

  /** What the engine tells of. */
  readonly heard = (event: EngineEvent): void => {
    if (event.type === "uploaded") {
      this.#uploadedBytes += event.bytes;
      // A sender's rate is that of hashing until there is nothing left to hash.
      if (this.#state === "seeding") this.#rate.add(event.bytes, this.#now());
    }
    this.changed();
  };

  /** Something is to be told soon. */
  readonly changed = (): void => {
    this.#timer ??= setTimeout(() => this.#tell(), PROGRESS_EVERY_MS);
  };

  get progress(): ShareProgress {
    const stream = this.#stream;
    const totalBytes = stream?.totalBytes ?? 0;
    const doneBytes = this.#tally?.doneBytes ?? 0;
    const bytesPerSecond = this.#rate.rate(this.#now());
    const missingBytes = this.#missingBytes();
    const left = totalBytes - doneBytes;
    // Whether anybody has what is missing is known only here.
    const isWaiting = this.#state === "receiving" && left > 0 && missingBytes === left;
    return {
      state: isWaiting ? "waiting" : this.#state,
      totalBytes,
      doneBytes,
      fileDoneBytes: this.#tally?.fileDoneBytes ?? [],
      uploadedBytes: this.#uploadedBytes,
      bytesPerSecond,
      remainingMs:
        this.#state === "receiving" && !isWaiting && bytesPerSecond > 0
          ? (left / bytesPerSecond) * second
          : undefined,
      missingBytes,
      peers: this.#peers(),
      tracker: this.#node?.tracker ?? "off",
      error: this.#error,
    };
  }

  /** Nothing is told any more after the last state. */
  stop(): void {
    this.enter("stopped");
    clearTimeout(this.#timer);
    this.#emitter.clear();
  }

  #peers(): ShareProgress["peers"] {
    const node = this.#node;
    const pieces = Math.max(1, this.#stream?.pieceCount ?? 1);
    return (node?.peers() ?? []).map(({ peer, ...figures }) => ({
      id: peer,
      ...figures,
      // Empty files are had as soon as they are known.
      complete:
        this.#stream?.pieceCount === 0
          ? Number(this.#knowsList(peer))
          : (node?.hadBy(peer, this.#content) ?? 0) / pieces,
    }));
  }

  #missingBytes(): number {
    const [stream, tally, node] = [this.#stream, this.#tally, this.#node];
    if (!stream || !tally || !node || this.#state !== "receiving") return 0;
    let bytes = 0;
    for (let piece = 0; piece < stream.pieceCount; piece++)
      if (!tally.has(piece) && node.copies(this.#content, piece) === 0) bytes += stream.lengthOf(piece);
    return bytes;
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#emitter.has("progress")) return;
    const { progress } = this;
    this.#emitter.emit("progress", progress);
    // Rates go down though nothing happens.
    if (progress.bytesPerSecond > 0 && this.#state !== "stopped") this.changed();
  }
}
