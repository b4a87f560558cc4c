import { writeCatalogue } from "../../adapters/catalogue-records.ts";
import { RivuletError } from "../../base/errors.ts";
import { second } from "../../base/time.ts";
import { complain } from "../../client/complain.ts";
import { AskAnswerer } from "../../client/tabs/answer-asks.ts";
import { turn } from "../../client/tabs/turn.ts";
import { sleep, within } from "../../client/waiting.ts";
import type { PageMessage, ToPage, ToWorker, WorkerMessage } from "../worker/messages.ts";
import type { LeaderTab } from "./leader-tab.ts";
import type { Passing } from "./passing.ts";
import type { SharedRivulet } from "./shared-rivulet.ts";

/** A worker that does not control the page by then is not waited for. */
const CONTROL_MS = second;

/** What this page leads with. */
interface Leading {
  readonly tab: LeaderTab;
  readonly passing: Passing;
  close(): void;
}

/** This page's end of the line to the site's Service Worker. */
export class WorkerLink {
  readonly #controlled: Promise<boolean>;
  readonly #serving = turn();
  readonly #container: ServiceWorkerContainer;
  readonly #manifest: string;
  readonly #keep: boolean;
  #leading: Leading | undefined;

  /** Registers the worker at `url`, whose scope is the folder that it is in. */
  constructor(parts: {
    readonly container: ServiceWorkerContainer;
    readonly url: string;
    /** URL of the manifest. */
    readonly manifest: string;
    /** False: nothing may be written on disk. */
    readonly keep: boolean;
    /** URLs of what the page's players have begun to load. */
    readonly media: () => readonly string[];
  }) {
    const { container } = parts;
    this.#container = container;
    this.#manifest = parts.manifest;
    this.#keep = parts.keep;
    container.addEventListener("message", ({ data }: MessageEvent<ToPage | undefined>) => {
      if (data?.rivulet === "who") this.#introduce();
    });
    // Until this is called, or the document is complete, no message comes.
    container.startMessages();
    this.#controlled = Promise.race([
      this.#take(parts.url, parts.media),
      sleep(CONTROL_MS).then(() => this.#isControlled),
    ]);
  }

  /**
   * True when the worker answers what this page asks for from here on; false when it will not, or not within a second of
   * when the engine runs.
   */
  async serves(rivulet: Pick<SharedRivulet, "ready" | "role">): Promise<boolean> {
    try {
      await rivulet.ready;
    } catch {
      this.failed();
      return false;
    }
    // A follower's leader has introduced itself to the worker already.
    if (rivulet.role === "leader") await within(CONTROL_MS, this.#serving.promise);
    return this.#controlled;
  }

  /** This page leads from here on. The function that it returns ends that. */
  lead(tab: LeaderTab, passing: Passing): () => void {
    this.#leading = { tab, passing, close: () => undefined };
    const leading = this.#leading;
    const onChange = () => this.#introduce();
    this.#container.addEventListener("controllerchange", onChange);
    void tab.started.then(() => {
      if (this.#leading === leading) this.#introduce();
    });
    return () => {
      this.#container.removeEventListener("controllerchange", onChange);
      leading.close();
      this.#leading = undefined;
      this.failed();
    };
  }

  /** Tells the worker not to wait for this page. */
  failed(): void {
    this.#post({ rivulet: "leave", manifest: this.#manifest });
  }

  get #isControlled(): boolean {
    return this.#container.controller !== null;
  }

  async #take(url: string, media: () => readonly string[]): Promise<boolean> {
    try {
      await this.#container.register(trusted(url));
      if (this.#isControlled) return true;
      const controlled = new Promise<void>((resolve) => {
        this.#container.addEventListener("controllerchange", () => resolve(), { once: true });
      });
      // A page that was there before the worker is not its own until it takes it.
      const { active } = await this.#container.ready;
      const claim: ToWorker = { rivulet: "claim", media: media(), keep: this.#keep };
      active?.postMessage(claim);
      await controlled;
      return true;
    } catch (cause) {
      const message = `The Service Worker ${url} cannot be registered: ${cause}. Serve rivulet-sw.js there, from the page's own origin.`;
      complain(new RivuletError("worker-unavailable", message, { cause }));
      return false;
    }
  }

  #introduce(): void {
    const leading = this.#leading;
    if (leading?.tab.state !== "running") {
      // Whoever waits for this page may go on.
      if (leading && leading.tab.state !== "starting") this.failed();
      return;
    }
    leading.close();
    const { engine } = leading.tab;
    const { port1: port, port2 } = new MessageChannel();
    const post = (message: PageMessage, transfer: readonly ArrayBuffer[] = []) =>
      port.postMessage(message, [...transfer]);
    const answerer = new AskAnswerer({ post }, async (url, init) =>
      leading.passing.has(url) ? undefined : engine.fetchListed(url, init),
    );
    port.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
      if (data.type === "adopt") void engine.adopt(data.url, data.bytes, data.offset);
      else if (data.type === "serving") return this.#serving.tell();
      else if (data.type !== "used") return answerer.receive(data);
      const { url } = data;
      const { start, end, from } =
        data.type === "used"
          ? data
          : { start: data.offset, end: data.offset + data.bytes.byteLength, from: "origin" as const };
      engine.used(url, start, end, from);
    };
    leading.close = () => {
      answerer.close();
      port.close();
    };
    const catalogue = engine.catalogue();
    const manifest = this.#manifest;
    this.#post({ rivulet: "lead", manifest, catalogue, keep: this.#keep }, [port2]);
    // For a worker that begins anew before there is a page to tell it. Without storage it will wait for one.
    if (this.#keep && catalogue.content !== "") writeCatalogue(manifest, catalogue).catch(() => undefined);
  }

  #post(message: ToWorker, transfer: Transferable[] = []): void {
    this.#container.controller?.postMessage(message, transfer);
  }
}

/** Present where browsers have Trusted Types, which TypeScript's declarations lack. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string };
}

/** The owner's URL as pages that ask for Trusted Types want it: `trusted-types` has to allow `rivulet`, where it is set. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes };
  return (
    trustedTypes?.createPolicy("rivulet", { createScriptURL: (same) => same }).createScriptURL(url) ?? url
  );
}
