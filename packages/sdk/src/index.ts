export { type ErrorCode, RivuletError } from "./base/errors.ts";
export type { RivuletEvents } from "./client/events.ts";
export { DEFAULTS, type RivuletOptions } from "./client/options.ts";
export type { Line, Playback, RivuletRequestInit } from "./client/playback.ts";
export { Rivulet } from "./client/rivulet.ts";
export type { RivuletState } from "./client/state.ts";
export type { BytesBySource, PeerStats, ResourceStats, RivuletStats } from "./client/statistics.ts";
