/** What the server says of its API is what it does: every operation, asked of a real server, answers as it is described. */
import { Metrics } from '@quire/sync-server'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDocument, type TestDocument } from '../support/documents.ts'
import { runTestServer, type TestServer } from '../support/server.ts'

const adminToken = 'Wq3hT8-vN5pLxR2m'
const metricsToken = 'p8Zr5-KqW2xLmT7v'

interface Content {
  readonly [type: string]: { readonly schema?: object }
}
interface Operation {
  readonly security: readonly Readonly<Record<string, unknown>>[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: { readonly Problem: object } }
}

let server: TestServer
let described: Description
const ajv = new Ajv2020({ allErrors: true })

beforeAll(async () => {
  const metrics = { token: metricsToken, counted: new Metrics() }
  server = await runTestServer({ adminToken, metrics })
  described = (await (await fetch(`${server.url}/api/openapi.json`)).json()) as Description // what is examined here
})
afterAll(() => server.close())

/** What is sent where something has to be. */
const bodies: Readonly<Record<string, object>> = {
  'post /api/documents': { title: 'Notes', text: 'abc' },
  'post /api/documents/{id}/links': { role: 'view', label: 'Anna', expiresIn: 3600, maxUses: 2 },
  'post /api/admin/documents': { title: 'Notes', text: 'abc' },
  'post /api/admin/documents/{id}/links': { role: 'edit' },
  'post /api/admin/documents/{id}/tokens': { role: 'view', sub: 'ada' },
  'put /api/admin/documents/{id}/update': Uint8Array.of(0, 0),
  'patch /api/documents/{id}/links/{link}': { label: 'Bob', expiresIn: null },
}

interface Asked {
  readonly keyOf: (document: TestDocument) => string | undefined
  readonly body?: object
}

/** Of a document of its own, so that no operation takes anything from another. */
async function ask(operation: string, { keyOf, body = bodies[operation] }: Asked): Promise<Response> {
  const [method = '', path = ''] = operation.split(' ')
  const document = await createDocument(server.url, { text: 'abc' })
  const key = keyOf(document)
  // What makes a document needs a name that none has.
  const id = method === 'put' ? `${document.id}-2` : document.id
  const isBytes = body instanceof Uint8Array
  return fetch(server.url + path.replace('{id}', id).replace('{link}', 'edit'), {
    method: method.toUpperCase(),
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body ? { 'content-type': isBytes ? 'application/octet-stream' : 'application/json' } : {}),
    },
    ...(body ? { body: isBytes ? new Uint8Array(body) : JSON.stringify(body) } : {}),
  })
}

const keys: Readonly<Record<string, (document: TestDocument) => string | undefined>> = {
  anyone: () => undefined,
  link: (document) => document.keys.view,
  owner: (document) => document.keys.own,
  operator: () => adminToken,
  watcher: () => metricsToken,
}

/** Whoever the operation is for. */
function rightAsker({ security }: Operation): Asked['keyOf'] {
  const [scheme = 'anyone'] = Object.keys(security[0] ?? {})
  const keyOf = keys[scheme]
  if (!keyOf) throw new Error(`nobody is described who could show ${scheme}`)
  return keyOf
}

function eachOperation(): [name: string, operation: Operation][] {
  return Object.entries(described.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method} ${path}`,
      operation,
    ]),
  )
}

/** The errors of `value`, which is to be as `schema` says. */
function faultsOf(schema: object, value: unknown): string {
  const validate = ajv.compile(schema)
  return validate(value) ? '' : ajv.errorsText(validate.errors)
}

async function expectAsDescribed(
  response: Response,
  content: Content | undefined,
  name: string,
): Promise<void> {
  const type = response.headers.get('content-type')?.split(';')[0] ?? 'nothing'
  const media = content?.[type]
  expect(type, name).toBe(Object.keys(content ?? { nothing: 0 })[0])
  if (media?.schema && type.endsWith('json'))
    expect(faultsOf(media.schema, await response.json()), name).toBe('')
}

it('answers every operation as it is described', async () => {
  for (const [name, operation] of eachOperation()) {
    const { responses } = operation
    const response = await ask(name, { keyOf: rightAsker(operation) })
    const expected = Object.keys(responses).filter((status) => status !== 'default')
    expect(expected, name).toContain(String(response.status))
    await expectAsDescribed(response, responses[String(response.status)]?.content, name)
  }
})

it('refuses whoever may not, as it is described', async () => {
  const { Problem } = described.components.schemas
  for (const [name, { security }] of eachOperation()) {
    if (security.length === 0) continue
    const response = await ask(name, { keyOf: () => 'a-wrong-key' })
    expect(response.status, name).toBe(401)
    expect(response.headers.get('content-type'), name).toBe('application/problem+json')
    expect(faultsOf(Problem, await response.json()), name).toBe('')
  }
})

it('takes what its schemas take, and refuses what they refuse', async () => {
  const wrong = { unheardOf: 1 }
  for (const [name, operation] of eachOperation()) {
    const schema = operation.requestBody?.content['application/json']?.schema
    if (!schema) continue
    expect(faultsOf(schema, bodies[name] ?? {}), name).toBe('')
    expect(faultsOf(schema, wrong), name).not.toBe('')
    expect((await ask(name, { keyOf: rightAsker(operation), body: wrong })).status, name).toBe(400)
  }
})
