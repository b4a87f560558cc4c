import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readCommand } from "#signaling/config/command.ts";
import { Metrics } from "#signaling/operation/metrics.ts";
import { figures } from "../operation/figures.ts";

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const deploy = (name: string) => read(`packages/signaling/deploy/${name}`);

/** Names of metrics as they stand in expressions, tables and prose. */
function metricsIn(text: string): Set<string> {
  return new Set(text.match(/\b(rivulet|nodejs|process)_[a-z0-9_]+\b/g) ?? []);
}

async function knownMetrics(): Promise<Set<string>> {
  const whole = figures({
    manifests: { requests: 0, originFetches: 0, cacheHits: 0, originBytes: 0 },
    cluster: { processes: 1, up: true, messagesIn: 0, messagesOut: 0 },
  });
  const text = await new Metrics(() => whole).text();
  return new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name ?? ""));
}

for (const name of ["grafana-dashboard.json", "alerts.yml"]) {
  test(`every metric that ${name} asks for exists`, async () => {
    const known = await knownMetrics();
    const asked = [...metricsIn(deploy(name))];
    assert.ok(asked.length >= 8);
    assert.deepEqual(
      asked.filter((metric) => !known.has(metric)),
      [],
    );
  });
}

test("the dashboard is one that Grafana can read, with a panel's data in every panel", () => {
  const { panels, uid, templating } = JSON.parse(deploy("grafana-dashboard.json"));
  assert.equal(uid, "rivulet-signal");
  assert.equal(templating.list[0].type, "datasource");
  const ids = new Set<number>();
  for (const { id, title, targets, gridPos } of panels) {
    ids.add(id);
    assert.ok(targets.length > 0 && targets.every(({ expr }: { expr: string }) => expr !== ""), title);
    assert.ok(gridPos.x + gridPos.w <= 24, title);
  }
  assert.equal(ids.size, panels.length);
});

test("the guide's table has every metric of the server's own, and none that is not", async () => {
  const guide = read("docs/operating.md");
  const known = [...(await knownMetrics())].filter((name) => name.startsWith("rivulet_"));
  const rows = [...guide.matchAll(/^\| `(rivulet_\w+)/gm)].map(([, name]) => name);
  assert.deepEqual([...rows].sort(), known.sort());
});

test("every variable of the examples is an option, and its value one that is taken", () => {
  const compose = [...deploy("compose.yaml").matchAll(/^ {4}(RIVULET_SIGNAL_\w+): "?([^"\n]*)"?$/gm)];
  const env = Object.fromEntries(compose.map(([, name, value]) => [name ?? "", value]));
  assert.ok(compose.length >= 6);
  const command = readCommand({ args: [], env, readFile: () => "secret\n" });
  assert.equal(command.type, "run");
  assert.ok(
    command.options.drainMs + command.options.closeTimeoutMs < 20_000,
    "stop_grace_period is too short",
  );
  for (const [name] of deploy("nginx.conf").matchAll(/RIVULET_SIGNAL_\w+/g)) {
    assert.doesNotThrow(() => readCommand({ args: [], env: { [name]: "" }, readFile: () => "" }), name);
  }
});
