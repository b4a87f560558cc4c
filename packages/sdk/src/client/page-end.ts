/**
 * Calls `onEnd` when the page is about to be gone, and `onHidden` then and when it is hidden: a phone ends hidden pages
 * without a word. The function that it returns ends that. Where there is no page, nothing is called.
 */
export function watchPageEnd({
  onEnd,
  onHidden = () => undefined,
}: {
  readonly onEnd: () => void;
  readonly onHidden?: () => void;
}): () => void {
  const page = globalThis.document;
  const end = () => {
    onEnd();
    onHidden();
  };
  const look = () => page?.visibilityState === "hidden" && onHidden();
  globalThis.addEventListener?.("pagehide", end);
  page?.addEventListener?.("visibilitychange", look);
  return () => {
    globalThis.removeEventListener?.("pagehide", end);
    page?.removeEventListener?.("visibilitychange", look);
  };
}
