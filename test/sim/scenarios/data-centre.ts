import type { EngineOptions } from "#sdk/engine/options.ts";

/**
 * The engine's options for hosts of one building: a chunk is a whole piece, times are those of a round trip of a
 * millisecond, the line's rate is known and the engine paces its uploads by it, so that what others lack goes first, and
 * nobody is a stranger. Who waits too long behind rarer pieces is sent elsewhere.
 */
export function dataCentre(line: {
  readonly bytesPerSecond: number;
  readonly pieceBytes: number;
}): Partial<EngineOptions> {
  const { bytesPerSecond, pieceBytes } = line;
  // What a piece takes from one host to the next: on the wire, and with asking, checking and telling.
  const pieceMs = (1000 * pieceBytes) / bytesPerSecond;
  const hopMs = pieceMs + 3;
  return {
    chunkBytes: pieceBytes,
    maxUnverifiedBytes: 64 * pieceBytes,
    maxOriginFetches: 0,
    gossip: false,
    uploadSlots: 12,
    minPipeline: 1,
    pipelineMs: 1.5 * hopMs,
    planEveryMs: Math.min(1, pieceMs / 4),
    haveEveryMs: 0,
    dialTimeoutMs: 100,
    redialAfterMs: 300,
    uploadBytesPerSecond: bytesPerSecond,
    // Timers go off at whole milliseconds.
    uploadBurstBytes: Math.max(pieceBytes, 0.004 * bytesPerSecond),
    uplinkStartBytesPerSecond: Number.POSITIVE_INFINITY,
    newcomerBytes: Number.POSITIVE_INFINITY,
    uploadTurnMs: 10 * hopMs,
    shedAfterMs: 6 * hopMs,
    busyPauseMs: hopMs,
    offersMs: 1.5 * hopMs,
    idleAfterMs: 20 * hopMs,
  };
}
