/** Where a server is in its life. */
export type ServerPhase = "starting" | "serving" | "draining";

/** Whether other processes are reached: `none` when there are not supposed to be any. */
export type BackplaneCondition = "none" | "up" | "down";

export interface Condition {
  readonly phase: ServerPhase;
  readonly connections: number;
  readonly maxConnections: number;
  readonly backplane: BackplaneCondition;
}

/** An answer of plain HTTP, of the shape of the server's others. */
export interface HealthAnswer {
  readonly status: 200 | 503;
  readonly body: Readonly<Record<string, unknown>>;
}

/** `/healthz`: that there is an answer says it all. A process that fails it is to be started anew. */
export function liveness(figures: Readonly<Record<string, unknown>>): HealthAnswer {
  return { status: 200, body: { status: "ok", ...figures } };
}

/**
 * `/readyz`: whether new clients are to be sent here. A lost backplane does not count: the process still introduces
 * those that it has, and sending everybody away would lose all instead of some.
 */
export function readiness({ phase, connections, maxConnections, backplane }: Condition): HealthAnswer {
  switch (phase) {
    case "starting":
      return notReady("starting", "The server does not listen yet.");
    case "draining":
      return notReady("draining", "The server is stopping.");
    case "serving":
      if (connections >= maxConnections)
        return notReady("full", `All ${maxConnections} connections are taken.`);
      if (backplane === "down")
        return { status: 200, body: { status: "degraded", reason: "Other processes are out of reach." } };
      return { status: 200, body: { status: "ready" } };
    default:
      return phase satisfies never;
  }
}

function notReady(status: string, reason: string): HealthAnswer {
  return { status: 503, body: { status, reason } };
}
