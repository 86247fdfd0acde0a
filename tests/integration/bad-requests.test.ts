/**
 * Requests to the HTTP API that are wrong, and links that are not links: each is answered with a stable code, stores
 * nothing, and disturbs nobody who is typing meanwhile. The numbers are those of the list of bad input.
 */
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { closeCodes } from '@quire/protocol'
import { MemoryStore } from '@quire/sync-server'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { keyOf, post, readText, type TestDocument } from '../support/documents.ts'
import { begin, goneFor, join, linksOf, makeLink, takeBack } from '../support/links.ts'
import { rawAnswers } from '../support/raw-http.ts'
import { quireSubprotocols, RawSocket } from '../support/raw-socket.ts'
import type { TestServer, TestServerOptions } from '../support/server.ts'

interface Scene {
  readonly server: TestServer
  readonly document: TestDocument
  /** Types on, and finds that nothing has happened to the document. */
  readonly goesOn: () => Promise<void>
}

interface Staging extends TestServerOptions {
  /** How many the test itself makes. */
  readonly documents?: number
}

async function stage({ documents = 0, ...options }: Staging = {}): Promise<Scene> {
  const store = new CountingStore()
  const { server, document } = await begin(store, options)
  const bystander = await join(server, document, document.keys.edit)
  const links = await linksOf(server, document)
  const { made } = store
  return {
    server,
    document,
    async goesOn() {
      bystander.type('.')
      await bystander.replica.until(() => bystander.replica.unsaved === 0)
      expect(await readText(server.url, document)).toBe(bystander.text.toString())
      expect(await linksOf(server, document)).toEqual(links)
      expect(store.made).toBe(made + documents)
      expect(server.log.filter(({ level }) => level === 'error')).toEqual([])
      for (const { fields, message } of server.log)
        expect(JSON.stringify({ ...fields, message }).length).toBeLessThanOrEqual(300)
    },
  }
}

/** Counts what is made. */
class CountingStore extends MemoryStore {
  made = 0

  override async create(...args: Parameters<MemoryStore['create']>): Promise<void> {
    this.made++
    return super.create(...args)
  }
}

type Headers = Readonly<Record<string, string>>

interface Asked {
  readonly method?: string
  readonly headers?: Headers
  readonly body?: string | ReadableStream<Uint8Array>
  readonly key?: string
}

async function answerTo(
  url: string,
  { method = 'POST', headers = {}, body, key }: Asked,
): Promise<[number, unknown]> {
  // Fetch asks for `duplex` with a stream; the types of browsers do not have it yet.
  const sent: RequestInit & { duplex: 'half' } = {
    method,
    headers: { ...(key ? { authorization: `Bearer ${key}` } : {}), ...headers },
    ...(body === undefined ? {} : { body }),
    duplex: 'half',
  }
  const response = await fetch(url, sent)
  const isProblem = response.headers.get('content-type') === 'application/problem+json'
  const words = await response.text()
  const { code } = (isProblem && words ? JSON.parse(words) : {}) as { code?: unknown } // compared
  return [response.status, code]
}

const json = { 'content-type': 'application/json' }

describe('a request that is wrong', () => {
  const bodies: readonly [what: string, asked: Asked, answer: [number, string]][] = [
    ['70 a form', { body: 'text=x' }, [415, 'unsupported-media-type']],
    ['70 a list', { headers: json, body: '[]' }, [400, 'bad-request']],
    [
      '70 a thousand arrays deep',
      { headers: json, body: '['.repeat(1001) + ']'.repeat(1001) },
      [400, 'bad-request'],
    ],
    [
      '70 more than a document may begin with',
      { headers: json, body: `"${'x'.repeat(2 ** 24)}"` },
      [413, 'too-large'],
    ],
    ['71 a field there is not', { headers: json, body: '{"texts":"x"}' }, [400, 'bad-request']],
    ['72 __proto__', { headers: json, body: '{"__proto__":{"text":"x"}}' }, [400, 'bad-request']],
    ['72 constructor', { headers: json, body: '{"constructor":{"prototype":{}}}' }, [400, 'bad-request']],
    [
      '78 a form post that brings a cookie',
      {
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          cookie: 'session=1',
          origin: 'https://evil.example',
        },
        body: 'text=x',
      },
      [403, 'not-allowed'],
    ],
  ]
  it.each(bodies)('%s', async (_, asked, answer) => {
    const { server, goesOn } = await stage()
    expect(await answerTo(`${server.url}/api/documents`, asked)).toEqual(answer)
    expect(Object.hasOwn(Object.prototype, 'text')).toBe(false)
    await goesOn()
  })

  const many = 100_000
  it.each([
    ['keys', `{${Array.from({ length: many }, (_each, index) => `"${index}":0`).join(',')}}`],
    ['lists', `{"text":[${'[],'.repeat(many)}[]]}`],
    ['lists within each other', `{"text":${'['.repeat(many)}${']'.repeat(many)}}`],
    ['lists that never end', '['.repeat(many)],
    ['objects, after a long text', `{"text":"${'x'.repeat(many)}\\"","title":[${'{},'.repeat(many)}{}]}`],
    ['spaces', `{${' '.repeat(many)}}`],
    ['digits', `{"text":${'1'.repeat(many)}}`],
  ])('70 a hundred thousand %s, none of which is looked at', async (_, body) => {
    const { server, goesOn } = await stage()
    const parse = vi.spyOn(JSON, 'parse')
    onTestFinished(() => parse.mockRestore())
    const response = await fetch(`${server.url}/api/documents`, { method: 'POST', headers: json, body })
    const answer = await response.text()
    expect(parse.mock.calls.filter(([text]) => text.length >= many)).toEqual([])
    parse.mockRestore()
    expect([response.status, JSON.parse(answer)]).toEqual([
      400,
      expect.objectContaining({ code: 'bad-request', detail: expect.stringContaining('more parts') }),
    ])
    await goesOn()
  })

  it.each([
    ['the name of a field', `{"${'x'.repeat(2 ** 20)}":0}`],
    ['names of fields', `{${Array.from({ length: 800 }, (_each, index) => `"${index}🙂":0`).join(',')}}`],
  ])('71 is not told all that is wrong: %s', async (_, body) => {
    const { server, goesOn } = await stage()
    const response = await fetch(`${server.url}/api/documents`, { method: 'POST', headers: json, body })
    const { code, detail } = (await response.json()) as { code: string; detail: string } // compared
    expect([response.status, code]).toEqual([400, 'bad-request'])
    expect(detail.length).toBeLessThanOrEqual(501)
    expect(detail.isWellFormed()).toBe(true)
    await goesOn()
  })

  it('70 as many parts as any body could need, and a text of whatever letters', async () => {
    const { server, goesOn } = await stage({ documents: 1 })
    const text = '[{"\\,:}]'.repeat(many)
    const body = `${' '.repeat(4000)}${JSON.stringify({ text }, null, 2)}`
    expect(await answerTo(`${server.url}/api/documents`, { headers: json, body })).toEqual([201, undefined])
    await goesOn()
  })

  it('70 the same key twice: the last counts, as everywhere in JSON', async () => {
    const { server, goesOn } = await stage({ documents: 1 })
    const body = '{"text":"one","text":"two"}'
    expect(await answerTo(`${server.url}/api/documents`, { headers: json, body })).toEqual([201, undefined])
    await goesOn()
  })

  it.each(['..', '%00', ':', '*', '%2e%2e%2f', 'a'.repeat(10_000), '%F0%9F%99%82', '%ff', 'x%0d%0aX:y'])(
    '73 an id that is none: %s',
    async (id) => {
      const { server, document, goesOn } = await stage()
      const { hostname, port } = new URL(server.url)
      const path = `/api/documents/${id}/text`
      const headers = { authorization: `Bearer ${document.keys.own}` }
      const [response] = (await once(request({ hostname, port, path, headers }).end(), 'response')) as [
        IncomingMessage,
      ] // as documented
      response.resume()
      expect([400, 404]).toContain(response.statusCode)
      expect(response.headers).not.toHaveProperty('x')
      await goesOn()
    },
  )

  it('74 an id of others looks like one that there is not', async () => {
    const { server, document, goesOn } = await stage()
    const { document: other } = await begin()
    const seen = await Promise.all(
      [document.id, 'AAAAAAAAAAAAAAAA'].map((id) =>
        answerTo(`${server.url}/api/documents/${id}/text`, { method: 'GET', key: other.keys.own }),
      ),
    )
    expect(seen).toEqual([
      [404, 'document-unknown'],
      [404, 'document-unknown'],
    ])
    await goesOn()
  })

  it.each([
    ['POST', { 'x-http-method-override': 'DELETE' }],
    ['PUT', {}],
    ['HEAD', {}],
    ['OPTIONS', {}],
    ['PROPFIND', {}],
  ])('76 a method that there is not: %s', async (method, headers) => {
    const { server, document, goesOn } = await stage()
    const url = `${server.url}/api/documents/${document.id}`
    const [status] = await answerTo(url, { method, headers, key: document.keys.own })
    expect(status).toBe(404)
    await goesOn()
  })

  it('76 TRACE gives nothing back', async () => {
    const { server, document, goesOn } = await stage()
    const { hostname, port } = new URL(server.url)
    const options = { hostname, port, path: '/', method: 'TRACE', headers: { 'x-mine': document.keys.own } }
    const [response] = (await once(request(options).end(), 'response')) as [IncomingMessage] // as documented
    const body = await response.setEncoding('utf8').toArray()
    expect(response.statusCode).toBe(404)
    expect(body.join('')).not.toContain(document.keys.own)
    await goesOn()
  })

  it.each(['-1', '1e9', 'null', '0.5', '"60"'])('77 a link that is to last %s seconds', async (expiresIn) => {
    const { server, document, goesOn } = await stage()
    const url = `${server.url}/api/documents/${document.id}/links`
    const body = `{"role":"view","expiresIn":${expiresIn}}`
    expect(await answerTo(url, { headers: json, body, key: document.keys.own })).toEqual([400, 'bad-request'])
    await goesOn()
  })
})

describe('what a page has its visitors’ browsers ask', () => {
  const evil = 'https://evil.example'
  const own: Headers = { origin: 'http://quire.example', 'sec-fetch-site': 'same-origin' }

  it.each<[from: string, headers: Headers, answer: [number, string | undefined]]>([
    ['another site', { origin: evil, 'sec-fetch-site': 'cross-site' }, [403, 'not-allowed']],
    ['another site, over plain http', { origin: evil }, [403, 'not-allowed']],
    ['another site, without its name', { 'sec-fetch-site': 'cross-site' }, [403, 'not-allowed']],
    ['no site', { origin: 'null' }, [403, 'not-allowed']],
    [
      'a site beside it',
      { origin: 'http://b.quire.example', 'sec-fetch-site': 'same-site' },
      [403, 'not-allowed'],
    ],
    ['our own', own, [201, undefined]],
    ['our own, whatever a proxy calls us', { ...own, origin: 'https://write.example' }, [201, undefined]],
    ['no page at all', {}, [201, undefined]],
    [
      'one that the operator names',
      { origin: 'https://app.example', 'sec-fetch-site': 'cross-site' },
      [201, undefined],
    ],
  ])('78 makes no document for them, if it is of another origin: %s', async (_, headers, answer) => {
    const [status] = answer
    const origins = ['https://app.example']
    const { server, goesOn } = await stage({ origins, documents: status === 201 ? 1 : 0 })
    expect(await answerTo(`${server.url}/api/documents`, { headers })).toEqual(answer)
    await goesOn()
  })

  it('78 costs them none of the documents that they may make', async () => {
    const newDocuments = { perSecond: 0.001, atOnce: 2 }
    const { server, goesOn } = await stage({ documents: 1, admissionLimits: { newDocuments } })
    const url = `${server.url}/api/documents`
    for (let count = 0; count < 2; count++)
      expect(await answerTo(url, { headers: { origin: evil } })).toEqual([403, 'not-allowed'])
    expect(await answerTo(url, { headers: { origin: server.url } })).toEqual([201, undefined])
    await goesOn()
  })

  it.each<[name: string, options: TestServerOptions, status: number]>([
    ['pad.evil.example', { openRooms: true }, 403],
    ['pad.evil.example', { openRooms: true, publicUrl: 'https://pad.evil.example' }, 404],
    ['devbox', { openRooms: true }, 404],
    ['pad.evil.example', {}, 401],
  ])(
    '78 tells a page nothing of open rooms whose name was pointed here: %s, %o',
    async (name, options, status) => {
      const { server, goesOn } = await stage(options)
      const asked = `GET /api/documents/our-room/text HTTP/1.1\r\nHost: ${name}:1234\r\nConnection: close\r\n\r\n`
      const [answer] = await rawAnswers(server.url, asked)
      expect(answer?.status).toBe(status)
      await goesOn()
    },
  )

  it('78 may be to read, which they are not shown', async () => {
    const { server, document, goesOn } = await stage()
    const asked = { method: 'GET', key: document.keys.view, headers: { origin: evil } }
    expect(await answerTo(`${server.url}/api/documents/${document.id}/text`, asked)).toEqual([200, undefined])
    await goesOn()
  })
})

describe('a body', () => {
  const wrongKey = 'AAAAAAAAAAAAAAAAAAAAAA'
  const tooLong = `{"label":"${'x'.repeat(16 * 1024)}"}`

  it.each<[method: string, path: string, key: string | undefined, answer: [number, string]]>([
    ['POST', '/session', undefined, [401, 'not-authenticated']],
    ['POST', '/session', wrongKey, [404, 'document-unknown']],
    ['POST', '/links', undefined, [401, 'not-authenticated']],
    ['PATCH', '/links/edit', wrongKey, [404, 'document-unknown']],
    ['POST', '/links/own/rotate', wrongKey, [404, 'document-unknown']],
    ['POST', '/nothing', undefined, [404, 'not-found']],
  ])('that never ends is not waited for without a key: %s %s', async (method, path, key, answer) => {
    const { server, document, goesOn } = await stage()
    const head = [
      `${method} /api/documents/${document.id}${path} HTTP/1.1`,
      'Host: quire.example',
      ...(key === undefined ? [] : [`Authorization: Bearer ${key}`]),
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
    ]
    const [answered] = await rawAnswers(server.url, `${head.join('\r\n')}\r\n\r\n4\r\n{"na\r\n`)
    expect([answered?.status, JSON.parse(answered?.body ?? '')]).toMatchObject([
      answer[0],
      { code: answer[1] },
    ])
    await goesOn()
  })

  it.each([
    ['POST', '/session'],
    ['POST', '/links'],
    ['PATCH', '/links/edit'],
    ['POST', '/links/own/rotate'],
  ])(
    'of more than 16 KiB is too large where little is said, with the right key: %s %s',
    async (method, path) => {
      const { server, document, goesOn } = await stage()
      const url = `${server.url}/api/documents/${document.id}${path}`
      const key = document.keys.own
      const asked = { method, key, headers: json }
      expect(await answerTo(url, { ...asked, body: tooLong })).toEqual([413, 'too-large'])
      expect(await answerTo(url, { ...asked, body: streamOf(tooLong) })).toEqual([413, 'too-large'])
      await goesOn()
    },
  )

  it('counts whole, however it is cut up', async () => {
    const { server, goesOn } = await stage({ documents: 1 })
    const asked = { headers: json, body: streamOf('{"text":"Grüße"}') }
    expect(await answerTo(`${server.url}/api/documents`, asked)).toEqual([201, undefined])
    await goesOn()
  })

  it('that breaks off is nobody’s fault but its sender’s', async () => {
    const { server, goesOn } = await stage()
    const headers = { ...json, expect: '100-continue' }
    const sending = request(`${server.url}/api/documents`, { method: 'POST', headers })
    sending.on('error', () => undefined)
    sending.flushHeaders()
    await once(sending, 'continue')
    sending.write('{"text":"')
    sending.destroy()
    await goesOn()
  })
})

/** A byte at a time, without saying how many. */
function streamOf(text: string): ReadableStream<Uint8Array> {
  const bytes = Buffer.from(text).values()
  return new ReadableStream({
    pull(controller) {
      const { value, done } = bytes.next()
      if (done) controller.close()
      else controller.enqueue(Uint8Array.of(value))
    },
  })
}

describe('a link that is not one', () => {
  const wrongs: readonly [what: string, wrong: (key: string) => string][] = [
    ['with one bit changed', (key) => (key.startsWith('A') ? 'B' : 'A') + key.slice(1)],
    [
      'in upper case',
      (key) => (key.toUpperCase() === key ? key.toLowerCase() : key.toUpperCase()).slice(0, 21) + 'A',
    ],
    ['with a dot after it', (key) => `${key}.`],
    ['with one letter more', (key) => `${key}A`],
    ['with one letter less', (key) => key.slice(0, -1)],
    ['with its first letter coded in percents', (key) => `%${key.charCodeAt(0).toString(16)}${key.slice(1)}`],
    ['padded', (key) => `${key}==`],
  ]
  it.each(wrongs)('89 %s opens nothing', async (_, wrong) => {
    const { server, document, goesOn } = await stage()
    const key = wrong(document.keys.edit)
    const [status] = await answerTo(`${server.url}/api/documents/${document.id}/text`, { method: 'GET', key })
    expect([401, 404]).toContain(status)
    const socket = await RawSocket.open(`${server.syncUrl}/${document.id}?token=${encodeURIComponent(key)}`)
    expect([closeCodes.unauthenticated, closeCodes.unknownDocument]).toContain((await socket.closed).code)
    await goesOn()
  })

  it('89 with spaces around it is the link all the same, where a header is read', async () => {
    const { server, document } = await stage()
    const url = `${server.url}/api/documents/${document.id}/text`
    expect((await answerTo(url, { method: 'GET', key: `${document.keys.view} ` }))[0]).toBe(200)
  })

  it('90 whether taken back, of a deleted document or made up: all answers are one', async () => {
    const { server, document, goesOn } = await stage({ documents: 1 })
    const link = await makeLink(server, document, { role: 'edit' })
    await takeBack(server, document, link.id)
    const made = await (await post(`${server.url}/api/documents`, {})).json()
    const deleted = made as { id: string; links: { own: string } } // the 201 of the API
    await answerTo(`${server.url}/api/documents/${deleted.id}`, {
      method: 'DELETE',
      key: keyOf(deleted.links.own),
    })
    const tries = [
      [document.id, keyOf(link.url)],
      [deleted.id, keyOf(deleted.links.own)],
      [document.id, 'AAAAAAAAAAAAAAAAAAAAAA'],
      ['AAAAAAAAAAAAAAAA', document.keys.own],
    ] as const
    const answers = await Promise.all(
      tries.map(async ([id, key]) => {
        const response = await fetch(`${server.url}/api/documents/${id}/text`, {
          headers: { authorization: `Bearer ${key}` },
        })
        const headers = Object.fromEntries(response.headers)
        delete headers['date']
        const socket = await RawSocket.open(`${server.syncUrl}/${id}`, quireSubprotocols(key))
        const closed = await socket.closed
        return JSON.stringify([response.status, await response.text(), headers, closed])
      }),
    )
    expect(new Set(answers).size).toBe(1)
    expect(answers[0]).toContain(JSON.stringify(goneFor))
    await goesOn()
  })

  it('91 to view lets nobody write', async () => {
    const { server, document, goesOn } = await stage()
    const anna = await join(server, document, document.keys.view)
    anna.type('written')
    expect(await anna.socket.closed).toEqual({ code: closeCodes.forbidden, reason: 'write-not-allowed' })
    await goesOn()
  })

  it('92 of one document opens no other', async () => {
    const { server, document, goesOn } = await stage({ documents: 1 })
    const made = await (await post(`${server.url}/api/documents`, { text: 'another' })).json()
    const other = made as { id: string; links: { own: string } } // the 201 of the API
    const socket = await RawSocket.open(
      `${server.syncUrl}/${document.id}`,
      quireSubprotocols(keyOf(other.links.own)),
    )
    expect(await socket.closed).toEqual(goneFor)
    expect(
      await answerTo(`${server.url}/api/documents/${document.id}/links`, {
        method: 'GET',
        key: keyOf(other.links.own),
      }),
    ).toEqual([404, 'document-unknown'])
    await goesOn()
  })

  it('95 that is fetched by a robot changes nothing', async () => {
    const { server, document, goesOn } = await stage()
    for (const method of ['GET', 'HEAD'])
      await fetch(`${server.url}/d/${document.id}`, { method, headers: { 'user-agent': 'Robot/1.0' } })
    await goesOn()
  })
})
