import { minute, second } from "@rivulet/sdk/protocol";
import { anyText, oneOf } from "../readers.ts";
import type { RowsFor } from "../rows.ts";

export interface OperationOptions {
  /** Milliseconds over which clients are told to leave, a few at a time, when the server stops. */
  readonly drainMs: number;
  /** Bearer token that `/metrics` asks for; without one it answers everybody. */
  readonly metricsToken: string | undefined;
  /** The least grave lines that are logged. */
  readonly logLevel: LogLevel;
}

/** From the talkative to the still. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const OPERATION: RowsFor<OperationOptions> = {
  drainMs: {
    kind: "number",
    default: 10 * second,
    min: 0,
    max: 60 * minute,
    value: "MS",
    help: "time over which clients are told to leave when the server stops",
  },
  metricsToken: {
    kind: "secret",
    default: undefined,
    read: anyText,
    takes: "a token",
    value: "TOKEN",
    help: "bearer token for /metrics",
  },
  logLevel: {
    kind: "text",
    default: "info",
    read: oneOf(LOG_LEVELS),
    takes: `one of ${LOG_LEVELS.join(", ")}`,
    value: "LEVEL",
    help: `least grave lines that are logged: ${LOG_LEVELS.join(", ")}`,
  },
};
