// A minimal client of Lambda's Runtime API. AWS's own (aws-lambda-ric) is compiled at installation, and does more. This one
// uses node:http, which the SDK loads anyway. `fetch` would make the cold start longer.
import { Agent, request } from "node:http";
import { handler } from "./function.mjs";

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new Agent({ keepAlive: true });

const call = (method, path, body = "") =>
  new Promise((resolve, reject) => {
    const headers = { "content-length": Buffer.byteLength(body) };
    const sent = request({ agent, host, port, method, headers, path: `/2018-06-01/runtime/${path}` }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece) => (text += piece));
      response.on("end", () => resolve({ id: response.headers["lambda-runtime-aws-request-id"], text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });

for (;;) {
  const { id, text } = await call("GET", "invocation/next");
  const response = await handler(JSON.parse(text));
  await call("POST", `invocation/${id}/response`, JSON.stringify(response));
}
