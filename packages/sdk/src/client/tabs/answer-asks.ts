import type { RivuletRequestInit } from "../playback.ts";
import type { Asking, Telling, Wire } from "./relay-messages.ts";

/** What answers are made of: the engine, or undefined for what only the origin can answer. */
export type FetchListed = (url: string, init: RivuletRequestInit) => Promise<Response | undefined>;

/** One answer on its way. */
interface Answering {
  readonly abort: AbortController;
  room: number;
  wake: () => void;
}

/** The leader's end of a wire: fetches what is asked for, and sends no more than there is room for. */
export class AskAnswerer {
  readonly #wire: Wire<Telling>;
  readonly #fetch: FetchListed;
  readonly #answering = new Map<number, Answering>();

  constructor(wire: Wire<Telling>, fetch: FetchListed) {
    this.#wire = wire;
    this.#fetch = fetch;
  }

  receive(message: Asking): void {
    switch (message.type) {
      case "ask":
        return void this.#answer(message);
      case "more": {
        const answering = this.#answering.get(message.id);
        if (!answering) return;
        answering.room += message.bytes;
        return answering.wake();
      }
      case "cancel": {
        const answering = this.#answering.get(message.id);
        answering?.abort.abort();
        return answering?.wake();
      }
      default:
        return message satisfies never;
    }
  }

  /** The asker is gone, or this tab leads no more. */
  close(): void {
    for (const { abort, wake } of this.#answering.values()) {
      abort.abort();
      wake();
    }
  }

  async #answer({ id, url, range, playback, room }: Extract<Asking, { type: "ask" }>): Promise<void> {
    const abort = new AbortController();
    const answering: Answering = { abort, room, wake: () => undefined };
    this.#answering.set(id, answering);
    this.#wire.post({ type: "taken", id });
    try {
      const { signal } = abort;
      const headers = range === null ? {} : { range };
      const response = await this.#fetch(url, { headers, signal, ...(playback && { playback }) });
      if (!response) return this.#wire.post({ type: "refused", id });
      this.#wire.post({ type: "head", id, status: response.status, headers: [...response.headers] });
      await this.#send(id, answering, response);
      if (!signal.aborted) this.#wire.post({ type: "end", id });
    } catch (error) {
      if (!abort.signal.aborted) this.#wire.post({ type: "failed", id, message: String(error) });
    } finally {
      this.#answering.delete(id);
    }
  }

  async #send(id: number, answering: Answering, { body }: Response): Promise<void> {
    const reader = body?.getReader();
    try {
      for (;;) {
        while (answering.room <= 0 && !answering.abort.signal.aborted)
          await new Promise<void>((resolve) => {
            answering.wake = resolve;
          });
        const read = await reader?.read();
        if (!read?.value || answering.abort.signal.aborted) return;
        // A view of a larger buffer would take all of that along, and from whoever else reads it.
        const bytes = read.value.byteLength < read.value.buffer.byteLength ? read.value.slice() : read.value;
        answering.room -= bytes.byteLength;
        this.#wire.post({ type: "bytes", id, bytes }, [bytes.buffer as ArrayBuffer]);
      }
    } finally {
      reader?.cancel().catch(() => undefined);
    }
  }
}
