import { NameTable } from "../json/name-table.ts";

const NAMES = [
  ...["action", "info_hash", "peer_id", "event", "left", "numwant", "offers"],
  ...["to_peer_id", "offer_id", "answer", "offer", "type", "sdp"],
] as const;
export type FieldName = (typeof NAMES)[number];

/** The names that are looked for. */
export const FIELD_NAMES: NameTable<FieldName> = new NameTable(NAMES);
