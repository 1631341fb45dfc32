// Whether the schema that OpenAPI 3.1 publishes of itself accepts a document: node validate.mjs FILE
import { readFile } from 'node:fs/promises';
import { validate } from '@hyperjump/json-schema/openapi-3-1';

const document = JSON.parse(await readFile(process.argv[2], 'utf8'));
const result = await validate('https://spec.openapis.org/oas/3.1/schema-base', document, 'BASIC');
const errors = (result.errors ?? []).map(error => `${error.instanceLocation}: ${error.keyword}`);
console.log(JSON.stringify({ valid: result.valid, errors: errors.slice(0, 20) }));
