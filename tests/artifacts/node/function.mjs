// What a function in Node that uses DynamoDB must do before it can answer, and nothing else: it loads AWS's SDK, makes its
// client, and says hello.
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

export const tables = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = async () => ({ statusCode: 200, body: "Hello" });
