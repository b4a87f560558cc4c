import { RivuletError } from "../../base/errors.ts";
import {
  type Answers,
  type FromShareWorker,
  memoryOf,
  type QuestionName,
  type Questions,
  type ReadPart,
  type ToShareWorker,
  toldError,
} from "./worker-messages.ts";

interface Waiting {
  answered(answer: unknown): void;
  failed(error: RivuletError): void;
  part(part: unknown): void;
}

/** The page's end of `rivulet-share-worker.js`, which reads, hashes and writes beside the page. Starts at the first use. */
export class ShareWorker {
  readonly #url: string | URL;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #isReady = false;
  #lastId = 0;
  #failed: RivuletError | undefined;

  constructor(url: string | URL) {
    this.#url = url;
  }

  /**
   * Bytes of the question that have a buffer of their own are handed over.
   * @throws RivuletError what the worker found; `worker-unavailable` when there is none.
   */
  ask<Name extends QuestionName>(ask: Name, question: Questions[Name]): Promise<Answers[Name]> {
    return this.#ask(ask, question, () => undefined).answer;
  }

  /** As `ask`, with what comes before the answer. Who stops listening stops the worker too. */
  async *parts(
    ask: "hash",
    question: Questions["hash"],
    { signal, onRead }: { readonly signal: AbortSignal; readonly onRead: (read: ReadPart) => void },
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const come: Uint8Array[] = [];
    let wake: () => void = () => undefined;
    let isOver = false;
    const { id, answer } = this.#ask(ask, question, (part) => {
      if (part instanceof Uint8Array) come.push(part);
      else onRead(part as ReadPart);
      wake();
    });
    const ended = answer.finally(() => {
      isOver = true;
      wake();
    });
    // It is heard of below, once what came before it is used.
    ended.catch(() => undefined);
    const abort = () => this.#cancel(id);
    signal.addEventListener("abort", abort, { once: true });
    try {
      if (signal.aborted) abort();
      while (!isOver || come.length > 0) {
        const part = come.shift();
        if (part) yield part;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
      await ended;
    } finally {
      signal.removeEventListener("abort", abort);
      if (!isOver) this.#cancel(id);
    }
  }

  /** Ends the worker; what it was asked fails with `aborted`. What is on disk stays, and is free for others. */
  close(): void {
    this.#fail(new RivuletError("aborted", "The share's worker was closed."));
  }

  #ask<Name extends QuestionName>(ask: Name, question: Questions[Name], part: (part: unknown) => void) {
    const id = ++this.#lastId;
    const answer = new Promise<Answers[Name]>((resolve, reject) => {
      if (this.#failed) throw this.#failed;
      const worker = this.#started();
      // Both ends are of one build: what answers this question is what `Answers` says.
      const answered = (found: unknown) => resolve(found as Answers[Name]);
      const given = "bytes" in question ? question.bytes : "parts" in question ? question.parts : undefined;
      worker.postMessage({ id, ask, question }, memoryOf(given));
      this.#waiting.set(id, { answered, failed: reject, part });
    });
    return { id, answer };
  }

  #cancel(id: number): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    this.#worker?.postMessage({ id, ask: "cancel" } satisfies ToShareWorker);
    waiting?.failed(new RivuletError("aborted", "It was stopped."));
  }

  #started(): Worker {
    if (this.#worker) return this.#worker;
    let worker: Worker;
    try {
      worker = new Worker(this.#url, { type: "module", name: "rivulet-share" });
    } catch (cause) {
      this.#fail(this.#unavailable("the browser refuses it", cause));
      throw this.#failed;
    }
    worker.addEventListener("message", ({ data }) => this.#heard(data as FromShareWorker));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      const why = this.#isReady ? `it failed: ${event.message}` : "it could not be loaded";
      this.#fail(this.#unavailable(why, event.error));
    });
    this.#worker = worker;
    return worker;
  }

  #heard(message: FromShareWorker): void {
    if ("ready" in message) {
      this.#isReady = true;
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if ("part" in message) return waiting?.part(message.part);
    this.#waiting.delete(message.id);
    if ("answer" in message) waiting?.answered(message.answer);
    else waiting?.failed(toldError(message.code, message.message));
  }

  #fail(error: RivuletError): void {
    this.#failed ??= error;
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { failed } of this.#waiting.values()) failed(this.#failed);
    this.#waiting.clear();
  }

  #unavailable(why: string, cause?: unknown): RivuletError {
    return new RivuletError(
      "worker-unavailable",
      `The worker script ${this.#url} does not run: ${why}. Serve rivulet-share-worker.js from the page's own origin as text/javascript, say where with \`workerUrl\`, and let a Content-Security-Policy allow it in worker-src.`,
      { cause },
    );
  }
}
