import { type AssetSource, serveElements } from "#sdk/integrations/elements.ts";

export const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"/>';

/** A picture that any browser shows without asking anybody; each name is another URL. */
export function pictureUrl(name: string): string {
  return `data:image/svg+xml,${encodeURIComponent(SVG)}#${name}`;
}

export const PICTURE = new Blob([SVG], { type: "image/svg+xml" });
export const SOUND = new Blob([silence(800)], { type: "audio/wav" });

/** A WAV file (RIFF, PCM, one channel of 8 bits at 8 kHz), which video elements take as well. */
function silence(samples: number): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(44 + samples));
  const text = (at: number, value: string) => {
    for (let i = 0; i < value.length; i++) view.setUint8(at + i, value.charCodeAt(i));
  };
  text(0, "RIFF");
  view.setUint32(4, 36 + samples, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, 8000, true);
  view.setUint32(28, 8000, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  text(36, "data");
  view.setUint32(40, samples, true);
  for (let i = 0; i < samples; i++) view.setUint8(44 + i, 128);
  return view.buffer;
}

/** What a link would have saved. */
export interface Saved {
  readonly href: string;
  readonly download: string;
}

export interface Page {
  /** What the source lists, and how it answers. */
  readonly files: Map<string, { sizeBytes?: number; answer: () => Promise<Response> }>;
  readonly fetched: string[];
  readonly created: string[];
  readonly revoked: string[];
  readonly saved: Saved[];
  /** Timers longer than ten seconds, which nobody waits for. */
  readonly timers: (() => void)[];
  list(url: string, blob: Blob): void;
  add<Name extends keyof HTMLElementTagNameMap>(
    name: Name,
    attributes: Readonly<Record<string, string>>,
  ): HTMLElementTagNameMap[Name];
  /** `controlled`: whether a Service Worker answers what elements ask for. */
  serve(ready?: Promise<void>, controlled?: Promise<boolean>): void;
}

/** Runs a test on a page of its own, whose object URLs, saved files and long timers are watched. */
export function onPage(run: (page: Page) => Promise<void>): () => Promise<void> {
  return async () => {
    const stops: (() => void)[] = [];
    const room = document.body.appendChild(document.createElement("div"));
    const page: Page = {
      ...{ files: new Map(), fetched: [], created: [], revoked: [], saved: [], timers: [] },
      list: (url, blob) =>
        void page.files.set(url, { sizeBytes: blob.size, answer: async () => new Response(blob) }),
      add: (name, attributes) => {
        const element = document.createElement(name);
        for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
        return room.appendChild(element);
      },
      serve: (ready = Promise.resolve(), controlled = Promise.resolve(false)) =>
        stops.push(serveElements({ ...sourceOf(page), ready, controlled }, document)),
    };
    stops.push(...watch(page));
    try {
      await run(page);
    } finally {
      room.remove();
      for (const stop of stops) stop();
    }
  };
}

function sourceOf({ files, fetched }: Page): Pick<AssetSource, "sizeOf" | "fetch"> {
  return {
    sizeOf: (url) => files.get(url)?.sizeBytes,
    fetch: async (url) => {
      fetched.push(url);
      return files.get(url)?.answer() ?? Promise.reject(new TypeError("There is nothing."));
    },
  };
}

function watch({ created, revoked, saved, timers }: Page): (() => void)[] {
  const { createObjectURL, revokeObjectURL } = URL;
  const { click } = HTMLAnchorElement.prototype;
  const { setTimeout } = window;
  URL.createObjectURL = (blob) => {
    const url = createObjectURL(blob);
    created.push(url);
    return url;
  };
  URL.revokeObjectURL = (url) => {
    revoked.push(url);
    revokeObjectURL(url);
  };
  HTMLAnchorElement.prototype.click = function () {
    saved.push({ href: this.href, download: this.download });
  };
  window.setTimeout = ((callback: () => void, ms: number) => {
    if (ms > 10_000) return timers.push(callback);
    return setTimeout(callback, ms);
  }) as typeof setTimeout;
  return [
    () => Object.assign(URL, { createObjectURL, revokeObjectURL }),
    () => Object.assign(HTMLAnchorElement.prototype, { click }),
    () => Object.assign(window, { setTimeout }),
  ];
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Until nothing more is going to happen by itself. */
export async function quiet(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve, 1));
}
