/** The script of the page with assets: loads what no element names, and tells when everything is there. */

interface Named {
  readonly path: string;
  readonly kind: string;
}

/** When the page was complete, and what it never got. */
export interface Completion {
  /** From the navigation's start until the last asset was there or had failed, ms. */
  readonly completeMs: number;
  /** Paths. */
  readonly failed: readonly string[];
}

/** What the page leaves on its `window`. */
export interface PageWithAssets {
  readonly done: Promise<Completion>;
  /** SHA-256 of every asset as a `fetch` of the page gets it now, hex, by path; what fails has none. */
  hashes(): Promise<Record<string, string>>;
}

interface OnWindow {
  readonly Rivulet?: { readonly controlled?: Promise<unknown> };
}

/** How long what a script asks for waits for the Service Worker, ms. */
const WORKER_WITHIN_MS = 3000;
/** Two requests less than a browser allows a host at once. */
const HASHED_AT_ONCE = 4;

const assets: readonly Named[] = JSON.parse(document.getElementById("assets")?.textContent ?? "[]");
const failed: string[] = [];
const styled = new Map<string, (ok: boolean) => void>();

const done = load();
Object.assign(window, { page: { done, hashes } satisfies PageWithAssets });

async function load(): Promise<Completion> {
  // Before anything is waited for: their events may come at any time.
  const elements = assets.filter(({ kind }) => /^(image|srcset|video|audio)$/.test(kind)).map(fromElement);
  await whenControlled();
  const resources = assets
    .filter(({ kind }) => kind === "background")
    .map(({ path }) => new Promise<void>((resolve) => styled.set(path, (ok) => resolve(settle(path, ok)))));
  new PerformanceObserver((list) => {
    // What Rivulet itself asks for has the same name.
    for (const entry of list.getEntries() as PerformanceResourceTiming[])
      if (entry.initiatorType === "css")
        styled.get(new URL(entry.name).pathname)?.(isOk(entry.responseStatus));
  }).observe({ type: "resource", buffered: true });
  document.body.classList.add("styled");
  const fonts = assets.flatMap((asset, index) =>
    // Whether it is a font is not of interest, and it is none.
    asset.kind === "font" ? [document.fonts.load(`20px lettering-${index}`).catch(() => undefined)] : [],
  );
  await Promise.all([...elements, ...resources, ...fonts, ...assets.map(fromScript)]);
  return { completeMs: performance.now(), failed };
}

function isOk(status: number): boolean {
  return status >= 200 && status < 400;
}

/** Rivulet's script comes when it comes; whether its worker controls the page, it tells then. */
async function whenControlled(): Promise<void> {
  const tag = document.querySelector("script[data-manifest]");
  if (!tag) return;
  const late = new Promise((resolve) => setTimeout(resolve, WORKER_WITHIN_MS));
  const global = () => (window as OnWindow).Rivulet;
  const loaded = new Promise((resolve) => {
    if (global()) resolve(undefined);
    tag.addEventListener("load", resolve);
    tag.addEventListener("error", resolve);
  });
  await Promise.race([loaded.then(() => global()?.controlled), late]);
}

function settle(path: string, ok: boolean): void {
  if (!ok) failed.push(path);
}

/** Resolves when the element shows its asset, or is sure not to. */
function fromElement({ path, kind }: Named): Promise<void> {
  const element = document.querySelector<HTMLImageElement | HTMLMediaElement>(
    `[src="${path}"], [data-rivulet="${path}"]`,
  );
  if (!element) throw new Error(`The page has no element for ${path}.`);
  const isShown = () =>
    element instanceof HTMLImageElement ? element.naturalWidth > 0 : element.readyState >= 3;
  // An image without a `src` is complete, too.
  const isBroken = () =>
    element instanceof HTMLImageElement
      ? element.complete && element.currentSrc !== ""
      : element.error !== null;
  return new Promise((resolve) => {
    const end = (ok: boolean) => resolve(settle(path, ok));
    const onError = () => {
      // A marked one gets a second chance, from the origin.
      if (!element.dataset.rivulet || element.dataset.rivuletState === "origin") end(false);
    };
    if (isShown()) return end(true);
    element.addEventListener(kind === "video" || kind === "audio" ? "canplay" : "load", () => end(true));
    element.addEventListener("error", onError);
    if (isBroken()) onError();
  });
}

async function fromScript({ path, kind }: Named): Promise<void> {
  const read = READERS[kind];
  if (!read) return;
  await read(path).then(
    () => settle(path, true),
    () => settle(path, false),
  );
}

const READERS: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  json: async (path) => (await fetched(path)).json(),
  binary: async (path) => (await fetched(path)).arrayBuffer(),
  wasm: (path) => WebAssembly.compileStreaming(fetch(path)),
  module: (path) => import(path),
};

async function fetched(path: string): Promise<Response> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
}

async function hashes(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const open = [...assets];
  const work = async () => {
    for (let next = open.shift(); next; next = open.shift()) {
      const { path } = next;
      const sha256 = await hashOf(path).catch(() => undefined);
      if (sha256) found[path] = sha256;
    }
  };
  await Promise.all(Array.from({ length: HASHED_AT_ONCE }, work));
  return found;
}

async function hashOf(path: string): Promise<string> {
  const bytes = await (await fetched(path)).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
