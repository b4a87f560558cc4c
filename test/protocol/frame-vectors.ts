import { readFileSync } from "node:fs";
import { fromHex } from "#sdk/base/bytes.ts";
import type { Frame } from "#sdk/protocol/frame.ts";

export interface FrameVector {
  readonly name: string;
  readonly hex: string;
  readonly bytes: Uint8Array;
  readonly frame: Frame;
}

/** test/vectors/frames.json; `{ "$hex": … }` stands for bytes. Spaces in the hex are for the reader. */
export function frameVectors(): FrameVector[] {
  const file = new URL("../vectors/frames.json", import.meta.url);
  const revive = (_: string, value: unknown): unknown =>
    typeof value === "object" && value !== null && "$hex" in value ? fromHex(value.$hex as string) : value;
  const vectors: { name: string; hex: string; frame: Frame }[] = JSON.parse(
    readFileSync(file, "utf8"),
    revive,
  );
  return vectors.map(({ name, hex, frame }) => {
    const compact = hex.replaceAll(" ", "");
    return { name, hex: compact, bytes: fromHex(compact), frame };
  });
}
