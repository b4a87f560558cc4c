import { MIB } from "../base/bytes.ts";

/** What elements need of Rivulet. */
export interface AssetSource {
  readonly ready: Promise<void>;
  /** True once a Service Worker answers what elements ask for by their URLs; false when none will. */
  readonly controlled: Promise<boolean>;
  fetch(url: string): Promise<Response>;
  sizeOf(url: string): number | undefined;
}

type MediaElement = HTMLImageElement | HTMLVideoElement | HTMLAudioElement;

/** Without a worker media up to this size is held as one Blob; longer media goes to the origin, which can start before the end came. */
const MOST_MEDIA_BYTES = 64 * MIB;

/**
 * Serves every element marked `data-rivulet`, now and later: it gets what the attribute names (or, when it is empty, what
 * `src` or `href` names). Where a Service Worker answers, that is all there is to it; otherwise `img`, `video` and `audio`
 * get it as a Blob. A link with `download` is fetched when it is clicked. An element that cannot be served is given its
 * URL, so that the browser loads it as it would have. Returns how to stop.
 */
export function serveElements(source: AssetSource, root: Document): () => void {
  const served = new WeakSet<Element>();
  const serve = (element: Element) => {
    if (served.has(element) || !(element instanceof HTMLElement)) return;
    served.add(element);
    if (!(element instanceof HTMLAnchorElement)) void serveElement(source, element);
    else if (element.hasAttribute("download"))
      element.addEventListener("click", (event) => void onClick(source, element, event));
  };
  const serveWithin = (scope: ParentNode) => {
    for (const element of scope.querySelectorAll("[data-rivulet]")) serve(element);
  };
  const observer = new MutationObserver((mutations) => {
    for (const { addedNodes } of mutations) {
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        if (node.matches("[data-rivulet]")) serve(node);
        serveWithin(node);
      }
    }
  });
  observer.observe(root, { childList: true, subtree: true });
  serveWithin(root);
  return () => observer.disconnect();
}

async function serveElement(source: AssetSource, element: HTMLElement): Promise<void> {
  const attribute = element instanceof HTMLLinkElement ? "href" : "src";
  const own = element.getAttribute(attribute) ?? "";
  const url = element.dataset.rivulet || own;
  // What the browser has shown already is not loaded again; another `src` is a placeholder.
  if (url === "" || (element instanceof HTMLImageElement && url === own && element.complete)) return;
  element.dataset.rivuletState = "loading";
  const load = (state: "done" | "origin") => {
    const { rivuletSrcset } = element.dataset;
    if (rivuletSrcset) element.setAttribute("srcset", rivuletSrcset);
    element.setAttribute(attribute, url);
    element.dataset.rivuletState = state;
    // A source that is added later is not looked at by itself.
    if (element instanceof HTMLSourceElement && element.parentElement instanceof HTMLMediaElement)
      element.parentElement.load();
  };
  try {
    if (await source.controlled) {
      // Once more: an answer that broke off in the worker may have better luck.
      element.addEventListener("error", () => load("origin"), { once: true });
      return load(source.sizeOf(url) === undefined ? "origin" : "done");
    }
    await source.ready;
    const sizeBytes = source.sizeOf(url);
    // What is too long for one Blob is better loaded bit by bit.
    const isMedia = element instanceof HTMLImageElement || element instanceof HTMLMediaElement;
    if (!isMedia || sizeBytes === undefined || sizeBytes > MOST_MEDIA_BYTES) return load("origin");
    const blobUrl = await blobUrlOf(source, url);
    element.dataset.rivuletState = "done";
    show(element as MediaElement, blobUrl, () => load("origin"));
  } catch {
    load("origin");
  }
}

async function blobUrlOf(source: AssetSource, url: string): Promise<string> {
  const response = await source.fetch(url);
  if (!response.ok) throw response.status;
  return URL.createObjectURL(await response.blob());
}

/** `onRefused` when the browser does not take it: the page's policy (CSP) may forbid `blob:`. */
function show(element: MediaElement, blobUrl: string, onRefused: () => void): void {
  const isImage = element instanceof HTMLImageElement;
  const settled = new AbortController();
  const { signal } = settled;
  const revoke = () => URL.revokeObjectURL(blobUrl);
  const onTaken = () => {
    settled.abort();
    // A player reads on from the URL for as long as it plays.
    if (isImage) revoke();
    else element.addEventListener("emptied", revoke, { once: true });
  };
  const onError = () => {
    settled.abort();
    revoke();
    onRefused();
  };
  element.addEventListener(isImage ? "load" : "loadedmetadata", onTaken, { signal });
  element.addEventListener("error", onError, { signal });
  element.src = blobUrl;
}

async function onClick(source: AssetSource, link: HTMLAnchorElement, event: MouseEvent): Promise<void> {
  // The second click is the one below, with the bytes at hand.
  if (link.href === "" || link.href.startsWith("blob:") || event.defaultPrevented) return;
  // A visitor who wants another tab or window means the browser's own way.
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.dataset.rivuletState === "loading") return;
  link.dataset.rivuletState = "loading";
  const save = link.ownerDocument.createElement("a");
  save.download = link.download || fileName(link.pathname);
  save.href = link.href;
  try {
    save.href = await blobUrlOf(source, link.href);
    link.dataset.rivuletState = "done";
  } catch {
    link.dataset.rivuletState = "origin";
  }
  save.click();
  if (save.href.startsWith("blob:")) setTimeout(() => URL.revokeObjectURL(save.href), 60_000);
}

function fileName(path: string): string {
  const name = path.split("/").pop() ?? "";
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
