import assert from "node:assert/strict";
import { test } from "node:test";
import { Counts, stepOf } from "#signaling/operation/counts.ts";
import { METRIC_TABLE } from "#signaling/operation/metric-table.ts";
import { METRICS_FORBIDDEN, Metrics, mayReadMetrics } from "#signaling/operation/metrics.ts";
import { figures, samplesOf } from "./figures.ts";

const MANIFESTS = { requests: 1, originFetches: 2, cacheHits: 3, originBytes: 4 };
const CLUSTER = { processes: 3, up: true, messagesIn: 5, messagesOut: 6 };

test("what was counted is what is read, each time as of now", async () => {
  const counts = new Counts();
  const metrics = new Metrics(() => figures({ counts, connections: { rivulet: 2, webtorrent: 1 } }));
  counts.rivulet.announces += 1;
  counts.webtorrent.introduced("offer");
  counts.refused("rate-limited");
  counts.cut("slow-reader");
  counts.ended("cut");
  counts.refusedUpgrade("origin-not-allowed");
  await metrics.text();
  counts.refused("rate-limited");
  const samples = samplesOf(await metrics.text());
  const expected = {
    'rivulet_connections{path="rivulet"}': 2,
    'rivulet_connections{path="webtorrent"}': 1,
    rivulet_connections_max: 100,
    'rivulet_announces_total{path="rivulet"}': 1,
    'rivulet_introductions_total{path="webtorrent",step="offer"}': 1,
    'rivulet_refusals_total{code="rate-limited"}': 2,
    'rivulet_connections_cut_total{reason="slow-reader"}': 1,
    'rivulet_connections_closed_total{reason="cut"}': 1,
    'rivulet_upgrades_refused_total{code="origin-not-allowed"}': 1,
  };
  for (const [name, value] of Object.entries(expected)) assert.equal(samples.get(name), value, name);
});

test("what can happen is there at 0 before it happens, so that its rate is right from the first", async () => {
  const samples = samplesOf(await new Metrics(figures).text());
  for (const name of [
    'rivulet_refusals_total{code="malformed"}',
    'rivulet_connections_cut_total{reason="silent"}',
    'rivulet_connections_closed_total{reason="client"}',
    'rivulet_introductions_answered_total{path="webtorrent"}',
  ]) {
    assert.equal(samples.get(name), 0, name);
  }
});

test("a part that a server does not have has no metrics, which would say that it is down", async () => {
  const alone = [...samplesOf(await new Metrics(figures).text()).keys()];
  assert.deepEqual(
    alone.filter((name) => /^rivulet_(cluster|manifest)_/.test(name)),
    [],
  );
  const whole = samplesOf(
    await new Metrics(() => figures({ manifests: MANIFESTS, cluster: CLUSTER })).text(),
  );
  assert.equal(whole.get("rivulet_cluster_up"), 1);
  assert.equal(whole.get("rivulet_manifest_origin_bytes_total"), 4);
});

test("two servers in one process have metrics of their own, and those of the process", async () => {
  const both = [1, 2].map((peers) => new Metrics(() => figures({ peers })));
  const [first, second] = await Promise.all(both.map(async (each) => samplesOf(await each.text())));
  assert.deepEqual([first?.get("rivulet_peers"), second?.get("rivulet_peers")], [1, 2]);
  for (const name of ["nodejs_eventloop_lag_seconds", "process_resident_memory_bytes"])
    assert.ok(first?.has(name) && second?.has(name), name);
});

test("names are Prometheus' own: counters end in _total, gauges do not, and each is told apart", () => {
  const names = METRIC_TABLE.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const { name, kind, help } of METRIC_TABLE) {
    assert.match(name, /^rivulet_[a-z_]+$/);
    assert.equal(name.endsWith("_total"), kind === "counter", name);
    assert.match(help, /\.$/);
  }
});

test("the metrics' token opens them, and nothing else does", () => {
  assert.ok(mayReadMetrics(undefined, undefined));
  assert.ok(mayReadMetrics("Bearer abc", "abc"));
  assert.ok(mayReadMetrics("bearer  abc", "abc"));
  for (const wrong of [
    undefined,
    "",
    "abc",
    "Bearer",
    "Bearer ",
    "Bearer ab",
    "Bearer abcd",
    "Basic abc",
    "Bearer a c",
  ])
    assert.equal(mayReadMetrics(wrong, "abc"), false, wrong);
  assert.equal(METRICS_FORBIDDEN.headers["www-authenticate"], 'Bearer realm="rivulet-signal"');
});

test("a relayed signal is counted by its type, and as another when it has none that is known", () => {
  const signals = [
    { type: "offer" },
    { type: "answer" },
    { type: "candidate" },
    { type: "renegotiate" },
    {},
    { type: 1 },
  ];
  assert.deepEqual(signals.map(stepOf), ["offer", "answer", "candidate", "other", "other", "other"]);
});
