// The minimum of a Node function that uses DynamoDB: it loads AWS's SDK, creates a client, and
// responds with "Hello".
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

export const tables = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = async () => ({ statusCode: 200, body: "Hello" });
