import { createHash, timingSafeEqual } from "node:crypto";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Figures } from "./figures.ts";
import { METRIC_TABLE, type Metric, type Sample } from "./metric-table.ts";

/** What `/metrics` answers with, in Prometheus' text format. */
export class Metrics {
  readonly #read: () => Figures;
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;

  /** `read` is called once when somebody asks, and never otherwise. */
  constructor(read: () => Figures) {
    this.#read = read;
    // From here on it is watched how long the event loop and the garbage collection take.
    processRegistry();
  }

  async text(): Promise<string> {
    const figures = this.#read();
    // Made anew for each answer: two who ask at once, or two servers in one process, have nothing in common.
    const own = new Registry();
    for (const metric of METRIC_TABLE) register(own, metric, metric.read(figures));
    const texts = await Promise.all([own.metrics(), processRegistry().metrics()]);
    return texts.join("\n");
  }
}

/** A metric without samples is of a part that this server does not have; 0 would be a lie about it. */
function register(registry: Registry, metric: Metric, samples: readonly Sample[]): void {
  if (samples.length === 0) return;
  const { name, help, labelNames, kind } = metric;
  const configuration = { name, help, labelNames: [...labelNames], registers: [registry] };
  switch (kind) {
    case "gauge": {
      const gauge = new Gauge(configuration);
      for (const { labels, value } of samples) gauge.set(labels, value);
      return;
    }
    case "counter": {
      const counter = new Counter(configuration);
      for (const { labels, value } of samples) counter.inc(labels, value);
      return;
    }
    default:
      return kind satisfies never;
  }
}

let ofProcess: Registry | undefined;

/** Memory, event loop and garbage collection: of the process, however many servers are in it. */
function processRegistry(): Registry {
  if (!ofProcess) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess;
}

const BEARER = /^Bearer +(\S+)$/i;

/** Whether a request's Authorization header opens `/metrics`. How long it takes says nothing about the token. */
export function mayReadMetrics(authorization: string | undefined, token: string | undefined): boolean {
  if (token === undefined) return true;
  const given = BEARER.exec(authorization ?? "")?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

/** The answer to who may not (RFC 6750 §3). */
export const METRICS_FORBIDDEN = {
  status: 401,
  body: { code: "unauthorized" },
  headers: { "www-authenticate": 'Bearer realm="rivulet-signal"' },
} as const;

/** Of one length whatever was hashed, as the comparison wants it. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
