#!/usr/bin/env node
import { runCommandLine } from "./command-line.ts";

process.exitCode = await runCommandLine(process.argv.slice(2), process);
// What was said must be out: some systems write to pipes later.
const said = [process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write("", done)));
await Promise.all(said);
// WebRTC's threads would keep an idle program for ten seconds.
process.exit();
