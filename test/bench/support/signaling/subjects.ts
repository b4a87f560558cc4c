import type { Protocol } from "./load-commands.ts";
import type { ServerName } from "./servers.ts";

const SUBJECTS = [
  { name: "rivulet, /", server: "rivulet", protocol: "rivulet" },
  { name: "rivulet, /announce", server: "rivulet", protocol: "tracker" },
  { name: "incumbent", server: "incumbent", protocol: "tracker" },
] as const satisfies readonly { name: string; server: ServerName; protocol: Protocol }[];

/** A server on one of its paths, as a table names it. */
export type Subject = (typeof SUBJECTS)[number];

/** Both paths of ours and the incumbent's, of the servers that are measured. */
export function subjectsOf(servers: readonly ServerName[]): readonly Subject[] {
  return SUBJECTS.filter(({ server }) => servers.includes(server));
}
