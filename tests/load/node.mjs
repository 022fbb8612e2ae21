// The contender in Node: a loop over SDK v3. Prints its usage like the other contenders.
import { Agent } from "node:http";
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";

const [connections, concurrency, size, pushes] = process.argv.slice(2, 6).map(Number);
const client = new ApiGatewayManagementApiClient({
  region: "us-east-1",
  endpoint: process.argv[6],
  credentials: { accessKeyId: "load", secretAccessKey: "secret" },
  requestHandler: { httpAgent: new Agent({ keepAlive: true, maxSockets: concurrency }) },
});
const Data = Buffer.alloc(size, "x");

async function push() {
  let next = 0;
  const post = async () => {
    while (next < connections) {
      const ConnectionId = `L0SM9cOFvHc${String(next++).padStart(4, "0")}=`;
      await client.send(new PostToConnectionCommand({ ConnectionId, Data }));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, post));
}

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

await push();
const begin = cpu();
for (let n = 0; n < pushes; n++) await push();
console.log((cpu() - begin) / (connections * pushes), process.resourceUsage().maxRSS * 1024);
