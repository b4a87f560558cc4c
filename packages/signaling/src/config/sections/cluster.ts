import { matching, urlOf } from "../readers.ts";
import type { RowsFor } from "../rows.ts";

export interface ClusterOptions {
  /** Redis through which several processes share their swarms. May hold a password, so it is treated as a secret. */
  readonly redisUrl: string | undefined;
  /** What the names of the channels in Redis begin with. */
  readonly redisPrefix: string;
}

export const CLUSTER: RowsFor<ClusterOptions> = {
  redisUrl: {
    kind: "secret",
    default: undefined,
    read: urlOf(["redis:", "rediss:"]),
    takes: "a URL such as redis://redis.example:6379",
    value: "URL",
    help: "Redis through which several processes share their swarms",
  },
  redisPrefix: {
    kind: "text",
    default: "rivulet",
    read: matching(/^[\w:.-]{1,64}$/),
    takes: "up to 64 letters, digits and _ : . -",
    value: "TEXT",
    help: "what the channels' names begin with",
  },
};
