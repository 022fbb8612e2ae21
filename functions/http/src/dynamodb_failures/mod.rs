//! Tests of the function while DynamoDB throttles, fails, hangs or is unreachable. The local cloud has no such failures.

mod fake_dynamodb;
mod responses;
