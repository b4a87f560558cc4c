import { RivuletError } from "../../base/errors.ts";
import { FileStream } from "../../content/share/file-stream.ts";
import { blobCrcs } from "./crc32.ts";
import { hashPieces } from "./hash-pieces.ts";
import { forgetFolders, listFolders } from "./opfs-folders.ts";
import { OpfsShare } from "./opfs-share.ts";
import {
  type Answers,
  type FromShareWorker,
  memoryOf,
  type QuestionName,
  type Questions,
  type ToShareWorker,
} from "./worker-messages.ts";

type Send = (message: FromShareWorker, transfer?: Transferable[]) => void;

/** Answers what pages ask of the worker. */
export class WorkerDesk {
  readonly #send: Send;
  readonly #shares = new Map<string, OpfsShare>();
  readonly #hashing = new Map<number, AbortController>();

  constructor(send: Send) {
    this.#send = send;
  }

  async hear(message: ToShareWorker): Promise<void> {
    const { id } = message;
    if (message.ask === "cancel") {
      this.#hashing.get(id)?.abort();
      return;
    }
    try {
      const answer = await this.#answer(message);
      this.#send({ id, answer }, memoryOf(answer));
    } catch (error) {
      const code = error instanceof RivuletError ? error.code : "worker-unavailable";
      this.#send({ id, code, message: error instanceof Error ? error.message : String(error) });
    }
  }

  async #answer(message: Exclude<ToShareWorker, { ask: "cancel" }>): Promise<Answers[QuestionName]> {
    switch (message.ask) {
      case "hash":
        return this.#hash(message.id, message.question);
      case "crc":
        return blobCrcs(message.question.blobs);
      case "claim":
        return this.#claim(message.question.share);
      case "description":
        return this.#share(message.question).description();
      case "describe":
        return none(this.#share(message.question).keepDescription(message.question.bytes));
      case "begin": {
        const { sizes, pieceBytes } = message.question;
        return this.#share(message.question).begin(sizes, pieceBytes);
      }
      case "held":
        return this.#share(message.question).held();
      case "read":
        return this.#share(message.question).read(message.question.piece);
      case "write":
        return none(this.#share(message.question).write(message.question.piece, message.question.bytes));
      case "store": {
        const { piece, parts, hash } = message.question;
        return this.#share(message.question).store(piece, parts, hash);
      }
      case "copy": {
        const { volume, from, to } = message.question;
        return this.#share(message.question).copy(volume, from, to);
      }
      case "volume":
        return this.#share(message.question).volume(message.question.volume);
      case "finish":
        return none(this.#share(message.question).finish());
      case "close":
        return none(this.#released(message.question.share)?.close());
      case "remove":
        return none(this.#released(message.question.share)?.remove());
      case "list":
        return listFolders();
      case "forget":
        return forgetFolders(message.question.maxAgeMs);
      default:
        return refuse(message);
    }
  }

  async #hash(id: number, { files, pieceBytes, withBytes }: Questions["hash"]): Promise<undefined> {
    const abort = new AbortController();
    this.#hashing.set(id, abort);
    try {
      const shared = files.map(({ file, path }) => ({ path, sizeBytes: file.size }));
      const onRead = (bytes: Uint8Array<ArrayBuffer>, start: number) =>
        this.#send({ id, part: { start, bytes } }, [bytes.buffer]);
      const options = { signal: abort.signal, onRead: withBytes ? onRead : undefined };
      for await (const part of hashPieces(files, new FileStream(shared, pieceBytes), options)) {
        this.#send({ id, part }, memoryOf(part));
      }
    } finally {
      this.#hashing.delete(id);
    }
    return undefined;
  }

  async #claim(share: string): Promise<undefined> {
    this.#shares.set(share, await OpfsShare.claim(share));
    return undefined;
  }

  #share({ share }: { readonly share: string }): OpfsShare {
    const found = this.#shares.get(share);
    if (!found) throw new RivuletError("file-unwritable", "The share is closed.");
    return found;
  }

  /** Undefined when it was closed before. */
  #released(share: string): OpfsShare | undefined {
    const found = this.#shares.get(share);
    this.#shares.delete(share);
    return found;
  }
}

/** An answer is sent even where there is nothing to say. */
async function none(done: Promise<void> | undefined): Promise<undefined> {
  await done;
  return undefined;
}

function refuse(message: never): never {
  const { ask } = message as { readonly ask: unknown };
  throw new RivuletError(
    "worker-unavailable",
    `rivulet-share-worker.js is of another version than the page: it does not know "${ask}". Publish both together.`,
  );
}
