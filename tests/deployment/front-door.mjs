// Replaces CloudFront in front of a deployment in MiniStack, whose CloudFront neither upgrades connections nor reaches an API:
// one origin, the template's paths, and the secret header of the distribution. Prints its address when it is ready.
//
//   node front-door.mjs MINISTACK HTTP_API_ADDRESS WEBSOCKET_API_ADDRESS SECRET

import { createServer } from "node:http";
import { createProxyServer } from "http-proxy-3";

const [ministack, http, websocket, secret] = process.argv.slice(2);

/** Returns the target of requests to an API. MiniStack serves all APIs at one address, by their host names. */
function origin(address) {
  const { host, pathname } = new URL(address);
  return { path: pathname, proxy: createProxyServer({ target: ministack, headers: { host, "x-front-door": secret } }) };
}

const [api, sockets] = [origin(http), origin(websocket)];

for (const { proxy } of [api, sockets]) {
  proxy.on("error", (error, request, answer) => {
    console.error(`${request.method} ${request.url}: ${error.message}`);
    if (answer.writeHead && !answer.headersSent) answer.writeHead(502);
    answer.end();
  });
}

const door = createServer((request, answer) => {
  if (request.url.startsWith("/socket.io/")) {
    // CloudFront sends these to the WebSocket API, too, which accepts only handshakes.
    answer.writeHead(400).end();
  } else {
    request.headers["x-forwarded-for"] = [request.headers["x-forwarded-for"], request.socket.remoteAddress].join();
    api.proxy.web(request, answer);
  }
});

door.on("upgrade", (request, socket, head) => {
  const { pathname, search } = new URL(request.url, "http://front-door");
  if (!pathname.startsWith("/socket.io/")) return socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
  // The template's CloudFront function: rewrites to the root of the stage, and keeps the query.
  request.url = sockets.path + search;
  sockets.proxy.ws(request, socket, head);
});

door.listen(0, "127.0.0.1", () => console.log(`http://localhost:${door.address().port}`));
