import type { IncomingMessage } from "node:http";
import type { Protocol } from "../operation/counts.ts";
import { type Condition, liveness, readiness } from "../operation/health.ts";
import { METRICS_FORBIDDEN, type Metrics, mayReadMetrics } from "../operation/metrics.ts";
import {
  type HttpAnswer,
  METHOD_NOT_ALLOWED,
  NOT_FOUND,
  pathOf,
  queryOf,
  UPGRADE_REQUIRED,
} from "./http-answer.ts";
import type { ManifestDesk } from "./manifest-desk.ts";

export interface RoutesParts {
  readonly condition: () => Condition;
  /** Counts of the server, for who looks at its health. */
  readonly figures: () => Readonly<Record<string, unknown>>;
  /** Where WebSockets are served. */
  readonly paths: ReadonlyMap<string, Protocol>;
  readonly metrics: Metrics;
  readonly metricsToken: string | undefined;
  /** Answers what is about manifests; undefined for every other path. */
  readonly manifests: ManifestDesk["answer"];
  readonly addressOf: (request: IncomingMessage) => string;
}

/** What is served besides WebSockets. */
export class Routes {
  readonly #parts: RoutesParts;

  constructor(parts: RoutesParts) {
    this.#parts = parts;
  }

  async answer(request: IncomingMessage): Promise<HttpAnswer> {
    const { method = "", url, headers } = request;
    const path = pathOf(url);
    const address = this.#parts.addressOf(request);
    const manifest = this.#parts.manifests({ method, path, query: queryOf(url), headers, address });
    if (manifest) return manifest;
    const answer = this.#answerFor(path);
    if (!answer) return NOT_FOUND;
    return method === "GET" ? answer(headers.authorization) : METHOD_NOT_ALLOWED;
  }

  #answerFor(
    path: string,
  ): ((authorization: string | undefined) => HttpAnswer | Promise<HttpAnswer>) | undefined {
    if (this.#parts.paths.has(path)) return () => UPGRADE_REQUIRED;
    switch (path) {
      case "/healthz":
        return () => liveness(this.#parts.figures());
      case "/readyz":
        return () => readiness(this.#parts.condition());
      case "/metrics":
        return (authorization) => this.#metrics(authorization);
      default:
        return undefined;
    }
  }

  async #metrics(authorization: string | undefined): Promise<HttpAnswer> {
    const { metrics, metricsToken } = this.#parts;
    if (!mayReadMetrics(authorization, metricsToken)) return METRICS_FORBIDDEN;
    return { status: 200, body: await metrics.text(), headers: { "content-type": metrics.contentType } };
  }
}
