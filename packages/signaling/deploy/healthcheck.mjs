// Asks the server in this container whether it is alive; exits with 0 when it is. The image has no curl.
import { get as getPlain } from "node:http";
import { get as getSecure } from "node:https";

const { RIVULET_SIGNAL_PORT: port = "8787", RIVULET_SIGNAL_TLS_CERT: certificate } = process.env;
const timeoutMs = 4000;

const url = `${certificate ? "https" : "http"}://127.0.0.1:${port || "8787"}/healthz`;
// The certificate is for the name that clients use, which 127.0.0.1 is not.
const options = { timeout: timeoutMs, rejectUnauthorized: false };

const request = (certificate ? getSecure : getPlain)(url, options, (response) => {
  response.resume();
  process.exitCode = response.statusCode === 200 ? 0 : 1;
});
request.on("timeout", () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)));
request.on("error", (error) => {
  console.error(`${url}: ${error.message}`);
  process.exitCode = 1;
});
