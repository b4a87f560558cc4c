import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SERVER_CORE, startPinned } from "./children.ts";
import { accepting, freePort } from "./servers.ts";

export interface RedisProcess {
  readonly url: string;
  end(): Promise<void>;
}

/** A redis-server on a free port that keeps nothing on disk. */
export async function startRedis(): Promise<RedisProcess> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), "rivulet-bench-redis-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  const program = process.env.REDIS_SERVER_PATH ?? "redis-server";
  const settings = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const child = startPinned(SERVER_CORE, program, [...settings, "--dir", folder]);
  try {
    await accepting(child, port);
  } catch (error) {
    await child.kill();
    await remove();
    throw error;
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    end: async () => {
      await child.kill();
      await remove();
    },
  };
}
