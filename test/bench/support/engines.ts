/** What plays the stream: hls.js by itself, with Rivulet, or with P2P Media Loader 2.3.1. */
export const ENGINES = ["plain", "rivulet", "p2pml"] as const;

export type Engine = (typeof ENGINES)[number];
