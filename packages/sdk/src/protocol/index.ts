export { decodeFrame, encodeFrame, type Frame } from "./frame.ts";
export * from "./limits.ts";
export * from "./signaling/index.ts";
