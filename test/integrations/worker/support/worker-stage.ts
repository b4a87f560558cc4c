import type { TestContext } from "node:test";
import { AskAnswerer, type FetchListed } from "#sdk/client/tabs/answer-asks.ts";
import type { Listed } from "#sdk/integrations/worker/catalogues.ts";
import { Leaders, type Pages } from "#sdk/integrations/worker/leaders.ts";
import type { PageMessage, ToPage, WorkerMessage } from "#sdk/integrations/worker/messages.ts";
import { bytesOf, PIECE_BYTES, resourceOf } from "../../../client/support/sample.ts";

export const MANIFEST = "https://site.example/rivulet.json";
export const FILM = "https://site.example/film.bin";
/** Four pieces, the last of them short. */
export const FILM_BYTES = bytesOf(3 * PIECE_BYTES + 77, 5);
export const OTHER_BYTES = bytesOf(FILM_BYTES.length, 6);

export async function listedOf(bytes: Uint8Array, mediaType?: string): Promise<Listed> {
  const { sizeBytes, pieceBytes, root, hashes } = await resourceOf("film.bin", bytes);
  return { url: FILM, sizeBytes, pieceBytes, mediaType, root, hashes, manifest: MANIFEST };
}

/** The pages of a browser that are open, by client. */
export class FakePages implements Pages {
  readonly open = new Map<string, ToPage[]>();
  /** How often it was looked whether a page is there. */
  looks = 0;

  async get(id: string): Promise<{ readonly id: string } | undefined> {
    this.looks++;
    return this.open.has(id) ? { id } : undefined;
  }

  async matchAll() {
    return Array.from(this.open, ([id, heard]) => ({
      id,
      postMessage: (message: ToPage) => void heard.push(message),
    }));
  }
}

/** A page that leads: what the worker told it, and how it goes. */
export interface LeadingPage {
  readonly heard: WorkerMessage[];
  /** Questions that it was asked: URL and range. */
  readonly asked: (readonly [url: string, range: string | null])[];
  /** How many questions it was told to drop. */
  readonly cancels: number;
}

/** A worker that has just begun, while these pages are open. */
export function openWorker(t: TestContext, clients: readonly string[] = []) {
  const pages = new FakePages();
  for (const client of clients) pages.open.set(client, []);
  const leaders = new Leaders(pages);
  const ports: MessagePort[] = [];
  t.after(() => {
    for (const port of ports) port.close();
  });
  return {
    pages,
    leaders,
    /** Opens a page that leads, and answers so. */
    lead(client: string, fetch: FetchListed = async () => undefined, manifest = MANIFEST): LeadingPage {
      const { port1, port2 } = new MessageChannel();
      ports.push(port1);
      const page = { heard: [] as WorkerMessage[], asked: [] as [string, string | null][], cancels: 0 };
      const post = (message: PageMessage, transfer: readonly ArrayBuffer[] = []) =>
        port1.postMessage(message, [...transfer]);
      const answerer = new AskAnswerer({ post }, fetch);
      port1.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
        page.heard.push(data);
        if (data.type === "ask") page.asked.push([data.url, data.range]);
        if (data.type === "cancel") page.cancels++;
        if (data.type === "ask" || data.type === "more" || data.type === "cancel") answerer.receive(data);
      };
      pages.open.set(client, []);
      leaders.lead(manifest, client, port2);
      return page;
    },
  };
}
