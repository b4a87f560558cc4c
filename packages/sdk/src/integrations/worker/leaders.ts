import { MIB } from "../../base/bytes.ts";
import { second } from "../../base/time.ts";
import { LeaderAsks } from "../../client/tabs/leader-asks.ts";
import { turn } from "../../client/tabs/turn.ts";
import type { PageMessage, ToPage, WorkerMessage } from "./messages.ts";

/** How often it is looked whether a page is still there that owes an answer. */
const LOOK_EVERY_MS = second / 4;
/** What came from the network before there was a leader is kept for it, up to this. */
const MOST_WAITING_BYTES = 24 * MIB;
/** What a notice without bytes counts for. */
const NOTICE_BYTES = 256;

/** The page that has the engine of one manifest. */
export interface Leader {
  readonly client: string;
  readonly asks: LeaderAsks;
  readonly port: MessagePort;
}

/** Bytes of a listed resource that came from the network. */
export interface Adoptable {
  readonly manifest: string;
  readonly url: string;
  /** Of the first byte within the resource. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** What the worker needs of `Clients`. */
export interface Pages {
  get(id: string): Promise<{ readonly id: string } | undefined>;
  matchAll(options: {
    readonly type: "window";
    readonly includeUncontrolled: boolean;
  }): Promise<readonly { readonly id: string; postMessage(message: ToPage): void }[]>;
}

/** Which page leads, for each manifest. */
export class Leaders {
  readonly #pages: Pages;
  readonly #leaders = new Map<string, Leader>();
  readonly #waiting: [manifest: string, message: WorkerMessage, transfer: ArrayBuffer[]][] = [];
  #waitingBytes = 0;
  #came = turn();
  #looking: ReturnType<typeof setInterval> | undefined;

  /** Asks all pages who leads: the worker may have been ended, and begun anew, while one did. */
  constructor(pages: Pages) {
    this.#pages = pages;
    void pages.matchAll({ type: "window", includeUncontrolled: true }).then((open) => {
      for (const page of open) page.postMessage({ rivulet: "who" });
    });
  }

  get(manifest: string): Leader | undefined {
    return this.#leaders.get(manifest);
  }

  /** Settles when some page begins to lead. */
  get came(): Promise<void> {
    return this.#came.promise;
  }

  lead(manifest: string, client: string, port: MessagePort): void {
    this.#leave(manifest);
    const asks = new LeaderAsks({ post: (message) => port.postMessage(message) });
    port.onmessage = ({ data }: MessageEvent<PageMessage>) => asks.receive(data);
    this.#leaders.set(manifest, { client, asks, port });
    const serving: WorkerMessage = { type: "serving" };
    port.postMessage(serving);
    this.#waitingBytes = 0;
    for (const waiting of this.#waiting.splice(0)) this.#tell(...waiting);
    this.#came.tell();
    this.#came = turn();
  }

  /** A page has no engine any more; its answers break off. */
  left(manifest: string, client: string): void {
    if (this.#leaders.get(manifest)?.client === client) this.#leave(manifest);
  }

  /** While answers are under way: those of a page that is gone break off. */
  watch(): void {
    this.#looking ??= setInterval(async () => {
      let busy = false;
      for (const [manifest, { asks, client }] of this.#leaders) {
        if (asks.pending === 0) continue;
        busy = true;
        if (!(await this.#pages.get(client))) this.left(manifest, client);
      }
      if (busy) return;
      clearInterval(this.#looking);
      this.#looking = undefined;
    }, LOOK_EVERY_MS);
  }

  /** Bytes of a listed resource that came from the network, for the engine to keep and pass on. */
  adopt({ manifest, url, offset, bytes }: Adoptable): void {
    this.#tell(manifest, { type: "adopt", url, offset, bytes }, [bytes.buffer as ArrayBuffer]);
  }

  /** Tells the leader of bytes that the worker read from the store itself. */
  used(manifest: string, used: Omit<Extract<WorkerMessage, { type: "used" }>, "type">): void {
    this.#tell(manifest, { type: "used", ...used });
  }

  /** What a leader is to know waits until there is one. */
  #tell(manifest: string, message: WorkerMessage, transfer: ArrayBuffer[] = []): void {
    const leader = this.#leaders.get(manifest);
    if (leader) return leader.port.postMessage(message, transfer);
    const bytes = transfer[0]?.byteLength ?? NOTICE_BYTES;
    if (this.#waitingBytes + bytes > MOST_WAITING_BYTES) return;
    this.#waitingBytes += bytes;
    this.#waiting.push([manifest, message, transfer]);
  }

  #leave(manifest: string): void {
    const leader = this.#leaders.get(manifest);
    this.#leaders.delete(manifest);
    leader?.asks.close();
    leader?.port.close();
  }
}
