export { type ErrorCode, RivuletError } from "./base/errors.ts";
export type { RivuletEvents } from "./client/events.ts";
export { DEFAULTS, type RivuletOptions } from "./client/options.ts";
export { Rivulet, type RivuletState } from "./client/rivulet.ts";
export type { BytesBySource, PeerStats, ResourceStats, RivuletStats } from "./client/statistics.ts";
