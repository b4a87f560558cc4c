/** URLs of what the document's players have begun to load. */
export function begunMedia(): string[] {
  const { NETWORK_LOADING } = HTMLMediaElement;
  return [...document.querySelectorAll<HTMLMediaElement>("video, audio")]
    .filter(({ networkState, readyState }) => networkState === NETWORK_LOADING || readyState > 0)
    .map(({ currentSrc }) => currentSrc)
    .filter((url) => url !== ""); // What comes from a camera has none.
}
