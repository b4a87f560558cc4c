import type { ByteRange } from "../range-header.ts";

/** A stretch of a body from one source; a Response's reader and a `RemoteAnswer` are such. */
export interface BodyPart {
  /** The next bytes; undefined at the end. Throws when the source cannot go on. */
  read(): Promise<Uint8Array | undefined>;
  cancel(): void;
}

/** So often in a row a source may bring nothing before the body is given up. */
const MOST_FAILURES = 6;

/**
 * One body from several sources, one after the other: where one breaks off, `next` names who goes on from that byte.
 * `next` may answer undefined: then the reader gets what the last source failed with.
 */
export function continuedBody(parts: {
  readonly first: BodyPart;
  readonly range: ByteRange;
  readonly next: (start: number) => Promise<BodyPart | undefined>;
  /** The body ended, was given up, or nobody reads it any more. */
  readonly onEnd?: () => void;
}): ReadableStream<Uint8Array> {
  const { range } = parts;
  let part: BodyPart | undefined = parts.first;
  let position = range.start;
  let failures = 0;
  let failure: unknown;
  let done = false;
  const end = () => {
    if (done) return;
    done = true;
    part?.cancel();
    parts.onEnd?.();
  };
  const bytesOf = async (source: BodyPart) => {
    try {
      return await source.read();
    } catch (error) {
      failure = error;
      return undefined;
    }
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        while (!done) {
          if (position >= range.end) {
            end();
            return controller.close();
          }
          const bytes = part && (await bytesOf(part));
          if (done) return;
          if (bytes && bytes.byteLength > 0) {
            failures = 0;
            // More than was asked for would be a wrong answer's: the reader was promised so many.
            const wanted = bytes.subarray(0, range.end - position);
            position += wanted.byteLength;
            controller.enqueue(wanted);
            if (position < range.end) return;
            continue;
          }
          part?.cancel();
          part = failures++ < MOST_FAILURES ? await parts.next(position).catch(() => undefined) : undefined;
          // Nobody reads it any more, and whoever was asked in the meantime has to hear of that.
          if (done) return part?.cancel();
          if (part) continue;
          end();
          return controller.error(failure ?? new TypeError("The body broke off."));
        }
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
}

/** A Response's body as a part of another. */
export function partOf({ body }: Response): BodyPart {
  const reader = body?.getReader();
  return {
    read: async () => (await reader?.read())?.value,
    cancel: () => void reader?.cancel().catch(() => undefined),
  };
}

/** The same body, which fails with the signal's reason when that aborts. */
export function abortableBody(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  return signal
    ? body.pipeThrough(new TransformStream(undefined, undefined, { highWaterMark: 0 }), { signal })
    : body;
}
