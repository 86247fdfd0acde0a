/** The operations as an OpenAPI 3.1 document. */
import { z } from 'zod'
import { problem } from '../answers.ts'
import { operations, type Answer, type Asker, type Operation } from './operations.ts'

type Json = Readonly<Record<string, unknown>>

const parameters: Readonly<Record<string, string>> = {
  id: 'The id of a document',
  link: 'The id of a link',
}

const schemes: Readonly<Record<Exclude<Asker, 'anyone'>, string>> = {
  link: 'The key of a link to the document, or an access token for it',
  owner: 'The key of the owner’s link',
  operator: 'QUIRE_ADMIN_TOKEN; without one none of these addresses is there',
  watcher: 'QUIRE_METRICS_TOKEN; without one this address is not there',
}

export function description(): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const operation of operations)
    paths[operation.path] = { ...paths[operation.path], [operation.method]: operationIn(operation) }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Quire',
      version: '1',
      description:
        'Times are seconds since 1970. Documents themselves are spoken of over WebSocket, at /sync/<id>. ' +
        'To pages of other origins, but for those that the operator names, whatever writes is refused (403 not-allowed); ' +
        'and with open rooms, whoever shows no key and calls the server by a name that it does not know.',
    },
    paths,
    components: {
      schemas: { Problem: jsonSchema(problem, 'output') },
      securitySchemes: Object.fromEntries(
        Object.entries(schemes).map(([name, words]) => [
          name,
          { type: 'http', scheme: 'bearer', description: words },
        ]),
      ),
    },
  }
}

function operationIn({ path, summary, asker, query, body, answers }: Operation): Json {
  return {
    summary,
    security: asker === 'anyone' ? [] : [{ [asker]: [] }],
    parameters: [...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => inPath(name)), ...inQuery(query)],
    ...(body ? { requestBody: bodyIn(body) } : {}),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerIn(answer)])),
      default: {
        description: 'What went wrong',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

/** Nothing at all is as good as `{}`. */
function bodyIn(body: z.ZodType | 'bytes'): Json {
  if (body === 'bytes') return { required: true, content: bytesContent }
  return { required: !body.safeParse({}).success, content: json(jsonSchema(body, 'input')) }
}

function inPath(name: string): Json {
  return { name, in: 'path', required: true, description: parameters[name], schema: { type: 'string' } }
}

function inQuery(query: z.ZodObject | undefined): Json[] {
  if (!query) return []
  const { properties = {} } = jsonSchema(query, 'output')
  return Object.entries(properties as Json).map(([name, schema]) => ({ name, in: 'query', schema })) // what an object's schema has there
}

const bytesContent: Json = { 'application/octet-stream': {} }

function answerIn(answer: Answer): Json {
  switch (answer) {
    case 'text':
      return { description: 'Text', content: { 'text/plain': { schema: { type: 'string' } } } }
    case 'bytes':
      return { description: 'Bytes', content: bytesContent }
    case 'nothing':
      return { description: 'It is done' }
    default:
      return { description: 'The answer', content: json(jsonSchema(answer, 'output')) }
  }
}

function json(schema: Json): Json {
  return { 'application/json': { schema } }
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _draft, ...rest } = z.toJSONSchema(schema, { io })
  return rest
}
