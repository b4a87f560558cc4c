/** What a page is told in its URL. */
export interface Setup {
  readonly playlist: string;
  /** Rivulet's signaling server and manifest. */
  readonly signal: string;
  readonly manifest: string;
  /** The incumbent's tracker and swarm. */
  readonly tracker: string;
  readonly swarm: string;
  /** `yes`: hash every segment that the player is handed. */
  readonly hash: string;
}

export function readSetup(): Setup {
  const given = new URLSearchParams(location.search);
  const read = (name: keyof Setup) => given.get(name) ?? "";
  return {
    playlist: read("playlist"),
    signal: read("signal"),
    manifest: read("manifest"),
    tracker: read("tracker"),
    swarm: read("swarm"),
    hash: read("hash"),
  };
}
