import type { IceServer } from "../protocol/signaling/index.ts";

/** The ICE servers that the signaling server named last, for connections that are made later. */
export function handedOutIce() {
  let handedOut: readonly IceServer[] = [];
  return {
    onIceServers: (servers: readonly IceServer[]): void => {
      handedOut = servers;
    },
    /** What connections use: the page's own servers first. */
    after: (own: readonly RTCIceServer[]) => (): RTCIceServer[] => [...own, ...handedOut],
  };
}
