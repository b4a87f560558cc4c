import { RivuletError } from "../base/errors.ts";

/** An object of a manifest's JSON; `where` names its place in messages. */
export function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw malformed(`${where} must be an object`);
  return value as Record<string, unknown>;
}

export function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

export function malformed(what: string, cause?: unknown): RivuletError {
  const message = `Malformed manifest: ${what}. Build it with \`rivulet manifest DIR\`.`;
  return new RivuletError("manifest-malformed", message, { cause });
}

export function tooLarge(what: string, limit: number, unit: string): RivuletError {
  return new RivuletError("manifest-too-large", `${what} has over ${limit} ${unit}; split the content.`);
}
