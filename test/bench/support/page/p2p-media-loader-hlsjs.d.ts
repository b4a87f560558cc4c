// The little of it that the page uses. It is installed below test/incumbents, and only for a bench that needs it.
declare module "p2p-media-loader-hlsjs" {
  import type Hls from "hls.js";
  import type { HlsConfig } from "hls.js";

  interface CoreEvents {
    onPeerConnect: (params: { readonly peerId: string }) => void;
    onPeerClose: (params: { readonly peerId: string }) => void;
    onChunkDownloaded: (bytes: number, source: "http" | "p2p") => void;
    onChunkUploaded: (bytes: number) => void;
  }
  interface Engine {
    addEventListener<Name extends keyof CoreEvents>(name: Name, listener: CoreEvents[Name]): void;
  }
  type HlsWithEngine = Hls & { readonly p2pEngine: Engine };

  export const HlsJsP2PEngine: {
    injectMixin(
      hls: typeof Hls,
    ): new (
      config: Partial<HlsConfig> & { p2p: { core: Readonly<Record<string, unknown>> } },
    ) => HlsWithEngine;
  };
}
