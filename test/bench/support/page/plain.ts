import { play } from "./play.ts";

play({ create: (Hls) => new Hls(), traffic: () => undefined });
