import assert from "node:assert/strict";
import { test } from "node:test";
import { readCommand } from "#signaling/config/command.ts";
import { OPTION_NAMES, rowOf } from "#signaling/config/option-table.ts";
import { DEFAULTS } from "#signaling/config/options.ts";
import { complains } from "./bad-option.ts";

interface World {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

function options({ args = [], env = {}, files = {} }: World) {
  const readFile = (path: string) => files[path] ?? assert.fail(`no such file, open '${path}'`);
  const command = readCommand({ args, env: { HOME: "/root", ...env }, readFile });
  assert.equal(command.type, "run");
  return command.options;
}

const refuses = (world: World, pattern: RegExp) =>
  assert.throws(() => options(world), complains(pattern), JSON.stringify(world));

test("a later source wins: defaults, the file, the environment, the flags", () => {
  const files = { "a.json": '{"port":1,"maxRooms":1,"messageRate":1}' };
  const env = { RIVULET_SIGNAL_CONFIG: "a.json", RIVULET_SIGNAL_PORT: "2", RIVULET_SIGNAL_MAX_ROOMS: "2" };
  const { port, maxRooms, messageRate, messageBurst } = options({ files, env, args: ["--port", "3"] });
  assert.deepEqual([port, maxRooms, messageRate, messageBurst], [3, 2, 1, DEFAULTS.messageBurst]);
});

test("the flag says which file, whatever the environment says", () => {
  const files = { "a.json": '{"port":1}' };
  const env = { RIVULET_SIGNAL_CONFIG: "gone.json" };
  assert.equal(options({ files, env, args: ["--config", "a.json"] }).port, 1);
});

test("every option can be set by a variable of its name", () => {
  for (const name of OPTION_NAMES) {
    const row = rowOf(name);
    if (row.kind !== "number" && row.kind !== "port") continue;
    const variable = `RIVULET_SIGNAL_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
    assert.deepEqual(options({ env: { [variable]: String(row.max) } }), { ...DEFAULTS, [name]: row.max });
  }
});

test("lists in a variable have commas or spaces between them, and switches say true or false", () => {
  const env = {
    RIVULET_SIGNAL_ALLOW_ORIGINS: "https://a.example, https://b.example https://c.example",
    RIVULET_SIGNAL_WEB_TORRENT: "false",
  };
  const { allowOrigins, webTorrent } = options({ env });
  assert.deepEqual(allowOrigins, ["https://a.example", "https://b.example", "https://c.example"]);
  assert.equal(webTorrent, false);
  assert.equal(options({ env: { RIVULET_SIGNAL_WEB_TORRENT: "1" } }).webTorrent, true);
});

test("an empty variable says nothing", () => {
  assert.deepEqual(options({ env: { RIVULET_SIGNAL_PORT: "", RIVULET_SIGNAL_CONFIG: "" } }), DEFAULTS);
});

test("a bad variable is named as such", () => {
  const port = "RIVULET_SIGNAL_PORT";
  // What Kubernetes sets beside a service named rivulet-signal.
  refuses({ env: { [port]: "tcp://10.0.0.1:8787" } }, /^RIVULET_SIGNAL_PORT is a whole number from 0/);
  refuses(
    { env: { RIVULET_SIGNAL_PROT: "1" } },
    /^There is no option RIVULET_SIGNAL_PROT; did you mean RIVULET_SIGNAL_PORT\?$/,
  );
  refuses({ env: { RIVULET_SIGNAL_COFNIG: "1" } }, /did you mean RIVULET_SIGNAL_CONFIG\?$/);
  refuses(
    { env: { RIVULET_SIGNAL_TURN_SECRT_FILE: "x" } },
    /did you mean RIVULET_SIGNAL_TURN_SECRET_FILE\?$/,
  );
  refuses({ env: { RIVULET_SIGNAL_XYZZYXYZZY: "" } }, /^There is no option RIVULET_SIGNAL_XYZZYXYZZY\.$/);
  refuses(
    { env: { RIVULET_SIGNAL_TRUST_FORWARDED_FOR: "1" } },
    /is gone; name the proxy by RIVULET_SIGNAL_TRUST_PROXY/,
  );
  refuses(
    { env: { RIVULET_SIGNAL_WEB_TORRENT: "maybe" } },
    /^RIVULET_SIGNAL_WEB_TORRENT is true or false, not maybe\.$/,
  );
  refuses(
    { env: { RIVULET_SIGNAL_TLS_KEY: "k" } },
    /^RIVULET_SIGNAL_TLS_KEY needs RIVULET_SIGNAL_TLS_CERT too\.$/,
  );
});

test("a bad file is named with the key, and never quoted", () => {
  const args = ["--config", "a.json"];
  const cases: readonly (readonly [string, RegExp])[] = [
    ['{"maxRoms":1}', /^There is no option maxRoms; did you mean maxRooms\?$/],
    ['{"maxRooms":"1"}', /^maxRooms in a\.json is a whole number/],
    ['{"allowOrigins":"https://a.example"}', /^allowOrigins in a\.json takes origins/],
    ['{"tlsCert":"c"}', /^tlsCert in a\.json needs tlsKey in a\.json too\.$/],
    ["[1]", /^a\.json does not hold a JSON object\.$/],
    ["null", /^a\.json does not hold a JSON object\.$/],
    ['{"turnSecret":\n hunter2}', /^((?!hunter2).)*a\.json is not JSON((?!hunter2).)*$/],
    ['{"tokenSecret":"hunter2"}', /^((?!hunter2).)*tokenSecret in a\.json takes((?!hunter2).)*$/],
  ];
  for (const [text, pattern] of cases) refuses({ args, files: { "a.json": text } }, pattern);
  refuses({ args: ["--config", "gone.json"] }, /^--config cannot be read: no such file/);
  refuses(
    { env: { RIVULET_SIGNAL_CONFIG: "gone.json" } },
    /^RIVULET_SIGNAL_CONFIG cannot be read: no such file/,
  );
});

test("what is overridden is checked all the same", () => {
  refuses({ args: ["--port", "1"], env: { RIVULET_SIGNAL_PORT: "x" } }, /^RIVULET_SIGNAL_PORT is/);
});

test("a secret is read from its file, without the line's end, by each source", () => {
  const files = {
    "secret.txt": "hunter2\n",
    "windows.txt": "hunter2\r\n",
    "a.json": '{"turnSecretFile":"secret.txt"}',
  };
  const worlds: readonly World[] = [
    { args: ["--turn-secret-file", "secret.txt"] },
    { args: ["--turn-secret-file=windows.txt"] },
    { env: { RIVULET_SIGNAL_TURN_SECRET_FILE: "secret.txt" } },
    { args: ["--config", "a.json"] },
  ];
  for (const world of worlds) assert.equal(options({ ...world, files }).turnSecret, "hunter2");
});

test("a secret that is given both ways by one source is a mistake, by two the later wins", () => {
  const files = { "secret.txt": "hunter2\n", "a.json": '{"turnSecret":"a","turnSecretFile":"secret.txt"}' };
  refuses(
    { files, args: ["--turn-secret", "a", "--turn-secret-file", "secret.txt"] },
    /^--turn-secret and --turn-secret-file exclude each other/,
  );
  refuses(
    { files, args: ["--config", "a.json"] },
    /^turnSecret in a\.json and turnSecretFile in a\.json exclude/,
  );
  const env = { RIVULET_SIGNAL_TURN_SECRET: "a" };
  assert.equal(options({ files, env, args: ["--turn-secret-file", "secret.txt"] }).turnSecret, "hunter2");
});

test("a secret's file that cannot be read, or holds too little, is named and not shown", () => {
  const files = { "secret.txt": "hunter2\n", "empty.txt": "\n", "a.json": '{"turnSecretFile":5}' };
  refuses({ args: ["--turn-secret-file", "gone.txt"] }, /^--turn-secret-file cannot be read: no such file/);
  refuses(
    { files, args: ["--turn-secret-file", "empty.txt"] },
    /^--turn-secret-file takes the TURN server's/,
  );
  refuses(
    { files, args: ["--token-secret-file", "secret.txt"] },
    /^--token-secret-file takes ((?!hunter2).)*$/,
  );
  refuses({ files, args: ["--config", "a.json"] }, /^turnSecretFile in a\.json takes a path/);
});
