import { MIB } from "../base/bytes.ts";

/** What elements need of Rivulet. */
export interface AssetSource {
  readonly ready: Promise<void>;
  fetch(url: string): Promise<Response>;
  sizeOf(url: string): number | undefined;
}

type MediaElement = HTMLImageElement | HTMLVideoElement | HTMLAudioElement;

/** Media up to this size is held as one Blob; longer media goes to the origin, which can start before the end came. */
const MOST_MEDIA_BYTES = 64 * MIB;

const MARKED = "img[data-rivulet], video[data-rivulet], audio[data-rivulet], a[data-rivulet][download]";

/**
 * Serves every element marked `data-rivulet`, now and later: `img`, `video` and `audio` get what the attribute names
 * (or, when it is empty, what `src` names), a link with `download` is fetched when it is clicked. An element that
 * cannot be served is given its URL, so that the browser loads it as it would have. Returns how to stop.
 */
export function serveElements(source: AssetSource, root: Document): () => void {
  const served = new WeakSet<Element>();
  const serve = (element: Element) => {
    if (served.has(element)) return;
    served.add(element);
    if (element instanceof HTMLAnchorElement)
      element.addEventListener("click", (event) => void onClick(source, element, event));
    else if (isMedia(element)) void serveMedia(source, element);
  };
  const serveWithin = (scope: ParentNode) => {
    for (const element of scope.querySelectorAll(MARKED)) serve(element);
  };
  const observer = new MutationObserver((mutations) => {
    for (const { addedNodes } of mutations) {
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        if (node.matches(MARKED)) serve(node);
        serveWithin(node);
      }
    }
  });
  observer.observe(root, { childList: true, subtree: true });
  serveWithin(root);
  return () => observer.disconnect();
}

async function serveMedia(source: AssetSource, element: MediaElement): Promise<void> {
  const url = element.dataset.rivulet || element.getAttribute("src") || "";
  if (url === "" || (element instanceof HTMLImageElement && element.src !== "" && element.complete)) return;
  element.dataset.rivuletState = "loading";
  try {
    await source.ready;
    if ((source.sizeOf(url) ?? 0) > MOST_MEDIA_BYTES) throw new Error("Too long to hold as one Blob.");
    const response = await source.fetch(url);
    if (!response.ok) throw new Error(`The answer was ${response.status}.`);
    const blobUrl = URL.createObjectURL(await response.blob());
    if (element instanceof HTMLImageElement) {
      element.addEventListener("load", () => URL.revokeObjectURL(blobUrl), { once: true });
    }
    element.src = blobUrl;
    element.dataset.rivuletState = "done";
  } catch {
    element.src = url;
    element.dataset.rivuletState = "origin";
  }
}

async function onClick(source: AssetSource, link: HTMLAnchorElement, event: MouseEvent): Promise<void> {
  // The second click is the one below, with the bytes at hand.
  if (link.href.startsWith("blob:") || event.defaultPrevented) return;
  event.preventDefault();
  if (link.dataset.rivuletState === "loading") return;
  link.dataset.rivuletState = "loading";
  const save = link.ownerDocument.createElement("a");
  save.download = link.download || decodeURIComponent(new URL(link.href).pathname.split("/").pop() ?? "");
  save.href = link.href;
  try {
    const response = await source.fetch(link.href);
    if (!response.ok) throw new Error(`The answer was ${response.status}.`);
    save.href = URL.createObjectURL(await response.blob());
    link.dataset.rivuletState = "done";
  } catch {
    link.dataset.rivuletState = "origin";
  }
  save.click();
  if (save.href.startsWith("blob:")) setTimeout(() => URL.revokeObjectURL(save.href), 60_000);
}

function isMedia(element: Element): element is MediaElement {
  return (
    element instanceof HTMLImageElement ||
    element instanceof HTMLVideoElement ||
    element instanceof HTMLAudioElement
  );
}
