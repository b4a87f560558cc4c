import type { TestContext } from "node:test";
import { LeaderAsks } from "#sdk/client/tabs/leader-asks.ts";
import type { LeaderTab } from "#sdk/integrations/site/leader-tab.ts";
import type { Passing } from "#sdk/integrations/site/passing.ts";
import { WorkerLink } from "#sdk/integrations/site/worker-link.ts";
import type { PageMessage, ToWorker, WorkerMessage } from "#sdk/integrations/worker/messages.ts";
import { FILM } from "./browser.ts";
import type { FakeEngine } from "./fake-engine.ts";

/** `navigator.serviceWorker` of a page, and what the page told the worker. */
export class FakeContainer extends EventTarget {
  readonly told: ToWorker[] = [];
  /** Of those messages that came with one. */
  readonly ports: MessagePort[] = [];
  readonly registered: string[] = [];
  started = false;
  controller: { postMessage(message: ToWorker, transfer?: readonly MessagePort[]): void } | null = null;
  refusal: Error | undefined;
  readonly worker = {
    postMessage: (message: ToWorker, transfer: readonly MessagePort[] = []) => {
      this.told.push(structuredClone(message));
      this.ports.push(...transfer);
    },
  };
  readonly ready = Promise.resolve({ active: this.worker });

  async register(url: string): Promise<void> {
    this.registered.push(url);
    if (this.refusal) throw this.refusal;
  }

  startMessages(): void {
    this.started = true;
  }

  /** A worker takes the page, the first or another one. */
  control(): void {
    this.controller = this.worker;
    this.dispatchEvent(new Event("controllerchange"));
  }

  say(data: unknown): void {
    this.dispatchEvent(Object.assign(new Event("message"), { data }));
  }

  get types(): string[] {
    return this.told.map(({ rivulet }) => rivulet);
  }
}

export const WORKER_URL = "https://site.example/rivulet-sw.js";
export const MANIFEST = "https://site.example/rivulet.json";

/** A page with a worker to be, and how it begins to lead. */
export function linkedPage(t: TestContext, { keep = false, controlled = true, refusal = "" } = {}) {
  const container = new FakeContainer();
  if (controlled) container.controller = container.worker;
  if (refusal) container.refusal = new DOMException(refusal, "SecurityError");
  const complaints: string[] = [];
  t.mock.method(console, "error", (text: string) => complaints.push(text));
  const link = new WorkerLink({
    container: container as unknown as ServiceWorkerContainer,
    url: WORKER_URL,
    manifest: MANIFEST,
    keep,
    media: () => [FILM],
  });
  const stops: (() => void)[] = [];
  t.after(() => {
    for (const stop of stops) stop();
    for (const port of container.ports) port.close();
  });
  return {
    container,
    link,
    complaints,
    lead(engine: FakeEngine, passing: Pick<Passing, "has"> = { has: () => false }) {
      const tab = {
        engine,
        started: engine.ready.catch(() => undefined),
        get state() {
          return engine.state;
        },
      };
      const stop = link.lead(tab as unknown as LeaderTab, passing as Passing);
      stops.push(stop);
      return stop;
    },
  };
}

/** The worker's end of a port. */
export function workerEnd(port: MessagePort) {
  const post = (message: WorkerMessage) => port.postMessage(message);
  const asks = new LeaderAsks({ post });
  port.onmessage = ({ data }: MessageEvent<PageMessage>) => asks.receive(data);
  return { asks, post };
}
