import { Counts } from "#signaling/operation/counts.ts";
import type { Figures } from "#signaling/operation/figures.ts";

/** A server of which nothing is known but what a test says. */
export function figures(known: Partial<Figures> = {}): Figures {
  return {
    counts: new Counts(),
    connections: { rivulet: 0, webtorrent: 0 },
    maxConnections: 100,
    peers: 0,
    rooms: { rivulet: 0, webtorrent: 0 },
    members: { rivulet: 0, webtorrent: 0 },
    draining: false,
    manifests: undefined,
    cluster: undefined,
    ...known,
  };
}

/** The samples of a text in Prometheus' format: their values by name and labels. */
export function samplesOf(text: string): ReadonlyMap<string, number> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(" ");
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}
