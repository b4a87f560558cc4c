import { type DestinationStream, destination, pino, stdSerializers, stdTimeFunctions } from "pino";
import type { LogLevel } from "../config/sections/operation.ts";
import { withoutTokens } from "./without-tokens.ts";

/** What belongs to a line beside its text. `error` is written with its stack and its cause. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where the server tells the operator what happens. No line shows a client's token. */
export interface Logger {
  debug(fields: LogFields, text: string): void;
  info(fields: LogFields, text: string): void;
  warn(fields: LogFields, text: string): void;
  error(fields: LogFields, text: string): void;
}

const STDERR = 2;

/**
 * Lines of JSON, to standard error unless told otherwise. Written before the call returns: the last lines before a
 * crash are those that matter.
 */
export function jsonLogger(level: LogLevel, output: DestinationStream = destination(STDERR)): Logger {
  return pino(
    {
      level,
      // The process and the machine are known to whatever collects the lines.
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: stdSerializers.errWithCause },
    },
    // The finished line, so that no field, text, stack or cause is forgotten.
    { write: (line) => output.write(withoutTokens(line)) },
  );
}

/** For tests, and programs that do not want to hear. */
export const SILENT_LOGGER: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};
