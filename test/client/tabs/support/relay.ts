import type { TestContext } from "node:test";
import { AskAnswerer, type FetchListed } from "#sdk/client/tabs/answer-asks.ts";
import { LeaderAsks, type RemoteAnswer } from "#sdk/client/tabs/leader-asks.ts";
import type { Asking, Telling } from "#sdk/client/tabs/relay-messages.ts";

export const URL_A = "https://site.example/a.bin";
export const QUESTION = { url: URL_A, range: null };
/** Longer than a test takes. */
export const PATIENT_MS = 60_000;

/** Both ends of a wire, and what went over it. */
export interface Relay {
  readonly asks: LeaderAsks;
  readonly answerer: AskAnswerer;
  readonly asked: Asking[];
  readonly told: Telling[];
  /** Bytes that the leader has sent so far. */
  sentBytes(): number;
}

/** Two ends that call each other. */
export function callRelay(fetch: FetchListed): Relay {
  const asked: Asking[] = [];
  const told: Telling[] = [];
  const asks: LeaderAsks = new LeaderAsks({
    post: (message) => {
      asked.push(message);
      answerer.receive(message);
    },
  });
  const answerer = new AskAnswerer(
    {
      post: (message) => {
        told.push(message);
        asks.receive(message);
      },
    },
    fetch,
  );
  return { asks, answerer, asked, told, sentBytes: () => bytesIn(told) };
}

/** Two ends of a real MessageChannel. */
export function channelRelay(t: TestContext, fetch: FetchListed): Relay {
  const { port1, port2 } = new MessageChannel();
  t.after(() => port1.close());
  const asked: Asking[] = [];
  const told: Telling[] = [];
  const asks = new LeaderAsks({ post: (message) => port1.postMessage(message) });
  const post = (message: Telling, transfer: readonly ArrayBuffer[] = []) =>
    port2.postMessage(message, [...transfer]);
  const answerer = new AskAnswerer({ post }, fetch);
  port1.onmessage = ({ data }) => {
    told.push(data);
    asks.receive(data);
  };
  port2.onmessage = ({ data }) => {
    asked.push(data);
    answerer.receive(data);
  };
  return { asks, answerer, asked, told, sentBytes: () => bytesIn(told) };
}

function bytesIn(told: readonly Telling[]): number {
  return told.reduce((sum, message) => sum + (message.type === "bytes" ? message.bytes.byteLength : 0), 0);
}

/** The answer, which must be one. */
export async function answered(asking: ReturnType<LeaderAsks["ask"]>): Promise<RemoteAnswer> {
  const answer = await asking;
  if (typeof answer !== "object") throw new Error(`There is no answer: ${answer}.`);
  return answer;
}

/** All bytes of an answer, one after the other. */
export async function bytesOfAnswer(answer: Pick<RemoteAnswer, "read">): Promise<number[]> {
  const all: number[] = [];
  for (let bytes = await answer.read(); bytes; bytes = await answer.read()) all.push(...bytes);
  return all;
}

/** A body of these chunks, read one by one; and whether it was cancelled. */
export function bodyOfChunks(chunks: Iterable<Uint8Array>, failure?: Error) {
  const iterator = chunks[Symbol.iterator]();
  const watched = {
    cancelled: false,
    body: new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          const next = iterator.next();
          if (!next.done) controller.enqueue(next.value);
          else if (failure) controller.error(failure);
          else controller.close();
        },
        cancel() {
          watched.cancelled = true;
        },
      },
      { highWaterMark: 0 },
    ),
  };
  return watched;
}
