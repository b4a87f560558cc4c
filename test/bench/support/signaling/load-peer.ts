import { type Destination, FrameSocket } from "./frame-socket.ts";
import type { Tally } from "./tally.ts";

/** Every so many long messages, one is read as a whole. A prime: a period of the load must not hide one. */
const CHECKED_EACH = 101;
/** Answers are shorter than this, relayed messages longer. */
const LONG_BYTES = 400;
const JOIN_LIMIT_MS = 15_000;

/** One client of the load: a connection, and what it says on it. */
export abstract class LoadPeer {
  protected readonly tally: Tally;
  readonly destination: Destination;
  #socket: FrameSocket | undefined;
  #sentAt = 0;
  #isWaiting = false;
  /** What the last right answer looked like. */
  #replyLength = 0;
  #replyMark = 0;
  #joining: { resolve(): void; reject(error: Error): void } | undefined;
  /** Called when a connection ends that `leave` did not end. */
  onLost: (() => void) | undefined;
  /** In a closed loop, the next request is sent when the last one was answered. */
  isLooping = false;
  /** For each message that others caused, one is sent. */
  isAnswering = false;

  constructor(destination: Destination, tally: Tally) {
    this.destination = destination;
    this.tally = tally;
  }

  /** Opens the connection. Rejects as FrameSocket.opened does. */
  async open(): Promise<void> {
    const socket: FrameSocket = new FrameSocket(this.destination, {
      frame: (bytes, start, end) => this.#heard(bytes, start, end),
      closed: () => this.#lost(socket),
    });
    this.#socket = socket;
    await socket.opened();
  }

  /** Says who it is and joins its swarm; settles when the server has answered. */
  async join(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("no answer to joining")), JOIN_LIMIT_MS);
      const done = (act: () => void) => () => {
        clearTimeout(timer);
        this.#joining = undefined;
        act();
      };
      this.#joining = { resolve: done(resolve), reject: (error) => done(() => reject(error))() };
      for (const frame of this.joinFrames()) this.write(frame);
    });
  }

  /** Ends the connection; that is not counted as lost. */
  leave(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.destroy();
  }

  get isOpen(): boolean {
    return this.#socket?.isOpen ?? false;
  }

  protected get isJoining(): boolean {
    return this.#joining !== undefined;
  }

  /** Whether long messages may be answers, and are all read. */
  protected get readsAll(): boolean {
    return false;
  }

  /** What waits for the server to take it, in bytes. */
  get waiting(): number {
    return this.#socket?.waiting ?? 0;
  }

  /** From now on this client reads nothing. */
  pause(): void {
    this.#socket?.pause();
  }

  write(frame: Buffer): void {
    this.#socket?.write(frame);
  }

  /** Sends a request whose answer is timed; false when the last one has none yet. */
  request(frame: Buffer): boolean {
    if (this.#isWaiting) return false;
    this.#isWaiting = true;
    this.#sentAt = performance.now();
    this.write(frame);
    return true;
  }

  /** What is measured of it: how fast requests are answered, or how fast messages are relayed. */
  abstract readonly work: "answers" | "relays";
  /** Sends a large request. */
  spin(): void {
    this.request(this.floodFrame());
  }
  /** The smallest request that is answered. */
  abstract probeFrame(): Buffer;
  /** A large request that makes the server send to others. */
  abstract floodFrame(): Buffer;
  protected abstract joinFrames(): readonly Buffer[];
  /** Reads an answer: `joined` ends joining, `reply` answers a request; a word of complaint is an error. */
  protected abstract readShort(message: Readonly<Record<string, unknown>>): string;
  /** Whether a relayed message is as it should be: a word of complaint, or undefined. */
  protected abstract complaint(message: Readonly<Record<string, unknown>>): string | undefined;
  #heard(bytes: Buffer, start: number, end: number): void {
    if (end - start < LONG_BYTES) this.#short(bytes, start, end);
    // An answer may list many peers, and is then as long as what is relayed.
    else if ((this.#joining || this.readsAll) && this.#answer(this.#readShort(bytes, start, end))) return;
    else {
      if (++this.tally.relayed % CHECKED_EACH === 0) this.#check(bytes, start, end);
      if (this.isAnswering) this.write(this.floodFrame());
    }
  }

  #short(bytes: Buffer, start: number, end: number): void {
    // An answer that was awaited and looks like the last right one is not read.
    const isReply =
      this.#isWaiting && end - start === this.#replyLength && bytes[start + 2] === this.#replyMark;
    const what = isReply ? "reply" : this.#readShort(bytes, start, end);
    if (this.#answer(what) || what === "") return;
    this.tally.error(what);
    this.#joining?.reject(new Error(what));
  }

  /** Whether it was one. */
  #answer(what: string): boolean {
    if (what === "joined") this.#joining?.resolve();
    else if (what === "reply") {
      this.tally.replies += 1;
      if (this.#isWaiting) this.tally.took(performance.now() - this.#sentAt);
      this.#isWaiting = false;
      if (this.isLooping) this.spin();
    } else return false;
    return true;
  }

  #readShort(bytes: Buffer, start: number, end: number): string {
    const message = parsed(bytes, start, end);
    const what = message === undefined ? "no JSON" : this.readShort(message);
    if (what === "reply") {
      this.#replyLength = end - start;
      this.#replyMark = bytes[start + 2] ?? 0;
    }
    return what;
  }

  #check(bytes: Buffer, start: number, end: number): void {
    const message = parsed(bytes, start, end);
    const wrong = message === undefined ? "no JSON" : this.complaint(message);
    if (wrong === undefined) this.tally.checked += 1;
    else this.tally.error(wrong);
  }

  #lost(socket: FrameSocket): void {
    this.#joining?.reject(new Error("closed while joining"));
    if (socket !== this.#socket) return;
    this.#isWaiting = false;
    this.tally.closed += 1;
    this.onLost?.();
  }
}

function parsed(bytes: Buffer, start: number, end: number): Readonly<Record<string, unknown>> | undefined {
  try {
    const message: unknown = JSON.parse(bytes.toString("utf8", start, end));
    return typeof message === "object" && message !== null ? { ...message } : undefined;
  } catch {
    return undefined;
  }
}
