/** What the server answers over plain HTTP, by the letter: programs of other people rely on it. */
import { once } from 'node:events'
import { createHash } from 'node:crypto'
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { limits, parseLink } from '@quire/protocol'
import { ResourceLimitError } from '@quire/sync-server'
import { describe, expect, it } from 'vitest'
import { createDocument, createSession, keyOf, post, readText } from '../support/documents.ts'
import { signHostToken } from '../support/host-token.ts'
import { quireSubprotocols, RawSocket } from '../support/raw-socket.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../support/server.ts'
import { openStockClient } from '../support/stock-client.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { untilText } from '../support/until.ts'

const someKey = 'AAAAAAAAAAAAAAAAAAAAAA'

/** Problem details as RFC 9457 has them; `code` is ours, and stable. */
async function problemOf(response: Response): Promise<{ status: number; code: unknown }> {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const body = (await response.json()) as Record<string, unknown> // checked by the expectations
  expect(body['status']).toBe(response.status)
  expect(body['title']).toEqual(expect.stringMatching(/\w/))
  return { status: response.status, code: body['code'] }
}

function get(server: TestServer, path: string, key?: string): Promise<Response> {
  return fetch(server.url + path, key ? { headers: { authorization: `Bearer ${key}` } } : {})
}

/** Fetch would tidy the path up before it leaves. */
async function getAsWritten(
  url: string,
  path: string,
): Promise<{ status: number | undefined; body: string }> {
  const { hostname, port } = new URL(url)
  const [response] = (await once(request({ hostname, port, path }).end(), 'response')) as [IncomingMessage] // as documented
  return { status: response.statusCode, body: await text(response) }
}

describe('making a document', () => {
  it('answers with its id and its three links', async () => {
    const server = await startTestServer()
    const content = { title: 'Plan', text: 'One\nTwo', language: 'markdown' }
    const response = await post(`${server.url}/api/documents`, content)
    expect(response.status).toBe(201)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const body = (await response.json()) as { id: string; links: Record<string, string> } // checked below
    expect(Object.keys(body).toSorted()).toEqual(['id', 'links'])
    expect(Object.keys(body.links).toSorted()).toEqual(['edit', 'own', 'view'])
    for (const link of Object.values(body.links)) {
      expect(link.startsWith(`${server.url}/d/${body.id}#`)).toBe(true)
      expect(parseLink(link)?.documentId).toBe(body.id)
    }
    expect(new Set(Object.values(body.links).map(keyOf))).toHaveProperty('size', 3)

    const client = openStockClient({
      serverUrl: server.syncUrl,
      room: body.id,
      token: keyOf(body.links['view'] ?? ''),
    })
    await client.synced
    expect(client.text.toString()).toBe(content.text)
    expect(client.doc.getMap('meta').toJSON()).toEqual({ title: 'Plan', language: 'markdown' })
  })

  it('needs no content at all', async () => {
    const server = await startTestServer()
    const response = await fetch(`${server.url}/api/documents`, { method: 'POST' })
    expect(response.status).toBe(201)
  })

  it.each<[what: string, body: string, type: string, status: number, code: string]>([
    ['a field there is not', '{"text":"","colour":"red"}', 'application/json', 400, 'bad-request'],
    [
      'a field that goes for the prototype',
      '{"__proto__":{"text":"x"}}',
      'application/json',
      400,
      'bad-request',
    ],
    ['a text that is a number', '{"text":1}', 'application/json', 400, 'bad-request'],
    ['a list', '[]', 'application/json', 400, 'bad-request'],
    ['null', 'null', 'application/json', 400, 'bad-request'],
    ['half of JSON', '{"text":', 'application/json', 400, 'bad-request'],
    ['a thousand arrays', '['.repeat(1001) + ']'.repeat(1001), 'application/json', 400, 'bad-request'],
    [
      'a title that is too long',
      JSON.stringify({ title: 'x'.repeat(257) }),
      'application/json',
      400,
      'bad-request',
    ],
    ['a form', 'text=words', 'application/x-www-form-urlencoded', 415, 'unsupported-media-type'],
    ['JSON that says it is text', '{"text":"words"}', 'text/plain', 415, 'unsupported-media-type'],
    ['JSON that almost says so', '{"text":"words"}', 'application/jsonp', 415, 'unsupported-media-type'],
    [
      'more than a frame can hold',
      JSON.stringify({ text: 'x'.repeat(limits.maxFrameBytes) }),
      'application/json',
      413,
      'too-large',
    ],
  ])('is refused for %s', async (_, body, type, status, code) => {
    const server = await startTestServer()
    const response = await fetch(`${server.url}/api/documents`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    })
    expect(await problemOf(response)).toEqual({ status, code })
    expect(server.log).toEqual([])
  })

  it('is refused for a stream that does not say how long it is, and is too long', async () => {
    const server = await startTestServer()
    const chunk = new Uint8Array(1024 * 1024)
    let sent = 0
    const body = new ReadableStream({
      pull(controller) {
        if (sent > limits.maxFrameBytes) return controller.close()
        sent += chunk.length
        controller.enqueue(chunk)
      },
    })
    // Fetch asks for `duplex` with a stream; the types of browsers do not have it yet.
    const upload: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      duplex: 'half',
    }
    const response = await fetch(`${server.url}/api/documents`, upload)
    expect(await problemOf(response)).toEqual({ status: 413, code: 'too-large' })
  })

  it('can be left to the operator', async () => {
    const adminToken = 'the operator of this server'.replaceAll(' ', '-')
    const server = await startTestServer({ adminToken, onlyOperatorCreates: true })
    const url = `${server.url}/api/documents`
    for (const wrong of [undefined, someKey, `${adminToken}x`])
      expect(await problemOf(await post(url, {}, wrong))).toEqual({ status: 401, code: 'not-authenticated' })
    expect((await post(url, {}, adminToken)).status).toBe(201)
  })
})

describe('a session', () => {
  it.each(['own', 'edit', 'view'] as const)(
    'made from the %s link opens the socket in that role',
    async (role) => {
      const server = await startTestServer()
      const document = await createDocument(server.url)
      const url = `${server.url}/api/documents/${document.id}/session`
      const response = await post(url, { name: '  Ada \u202e Lovelace ' }, document.keys[role])
      expect(response.status).toBe(200)
      const body = (await response.json()) as { token: string; expiresAt: number; user: object } // checked below
      expect(body).toEqual({
        token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
        expiresAt: expect.any(Number),
        role,
        user: {
          id: expect.any(String),
          name: 'Ada Lovelace',
          colour: expect.stringMatching(/^#[0-9a-f]{6}$/),
        },
      })
      expect(body.expiresAt).toBeGreaterThan(Date.now() / 1000)

      const socket = await RawSocket.open(`${server.syncUrl}/${document.id}`, quireSubprotocols(body.token))
      expect(await socket.greet()).toMatchObject({ role, user: body.user })
    },
  )

  it('is somebody new each time', async () => {
    const server = await startTestServer()
    const document = await createDocument(server.url)
    const subjects = await Promise.all(
      [1, 2].map(async () => {
        const token = await createSession(server.url, document, document.keys.edit)
        return Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
      }),
    )
    expect(subjects[0]).not.toBe(subjects[1])
  })

  it('is not made from a session, which could then outlive its link', async () => {
    const server = await startTestServer()
    const document = await createDocument(server.url)
    const token = await createSession(server.url, document, document.keys.own)
    const url = `${server.url}/api/documents/${document.id}/session`
    expect(await problemOf(await post(url, {}, token))).toEqual({ status: 403, code: 'not-allowed' })
  })

  it('takes no field there is not', async () => {
    const server = await startTestServer()
    const { id, keys } = await createDocument(server.url)
    const url = `${server.url}/api/documents/${id}/session`
    expect(await problemOf(await post(url, { role: 'own' }, keys.view))).toEqual({
      status: 400,
      code: 'bad-request',
    })
  })
})

describe('the text of a document', () => {
  it('is read with any of its links or a token, and is what clients see', async () => {
    const server = await startTestServer()
    const document = await createDocument(server.url, { text: 'one' })
    const stock = { serverUrl: server.syncUrl, room: document.id, token: document.keys.edit }
    const [writer, reader] = [openStockClient(stock), openStockClient(stock)]
    await Promise.all([writer.synced, reader.synced])
    writer.text.insert(3, ', two 😀\r\n')
    await untilText(reader.text, 'one, two 😀\r\n')

    const path = `/api/documents/${document.id}/text`
    const tokens = [
      ...Object.values(document.keys),
      await createSession(server.url, document, document.keys.view),
      signHostToken(server.secret, { doc: document.id, role: 'view' }),
    ]
    for (const token of tokens) {
      const response = await get(server, path, token)
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toMatch(/^text\/plain; charset=utf-8/i)
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(await response.text()).toBe('one, two 😀\r\n')
    }
  })

  it('is empty for a document that is', async () => {
    const server = await startTestServer()
    expect(await readText(server.url, await createDocument(server.url))).toBe('')
  })

  it('is refused for an hour once it took too much', async () => {
    let read = 0
    let now = Date.now()
    const server = await startTestServer({
      wallClock: () => now,
      work: {
        async readText() {
          read++
          throw new ResourceLimitError('it took longer than 20 s')
        },
      },
    })
    const { id, keys } = await createDocument(server.url)
    const ask = (): Promise<Response> => get(server, `/api/documents/${id}/text`, keys.view)
    expect(await problemOf(await ask())).toEqual({ status: 503, code: 'unavailable' })
    const again = await ask()
    expect(again.headers.get('retry-after')).toMatch(/^3[56]\d\d$/)
    expect(await problemOf(again)).toEqual({ status: 503, code: 'unavailable' })
    expect(read).toBe(1)
    now += 3_601_000
    expect(await problemOf(await ask())).toEqual({ status: 503, code: 'unavailable' })
    expect(read).toBe(2)
  })

  it.each<[options: string, TestServerOptions]>([
    ['closed', {}],
    ['open', { openRooms: true }],
  ])('is not read without a key, whether rooms are %s', async (_, options) => {
    const server = await startTestServer(options)
    const { id } = await createDocument(server.url, { text: 'private' })
    const response = await get(server, `/api/documents/${id}/text`)
    expect(await problemOf(response)).toEqual({ status: 401, code: 'not-authenticated' })
  })
})

describe('the links of a document', () => {
  it('are shown to the owner, the same as at its birth', async () => {
    const server = await startTestServer()
    const { id, keys } = await createDocument(server.url)
    const response = await get(server, `/api/documents/${id}/links`, keys.own)
    expect(response.status).toBe(200)
    const { links } = (await response.json()) as { links: { id: string; role: string; url: string }[] } // checked below
    expect(links.map(({ role, url }) => [role, keyOf(url)])).toEqual([
      ['view', keys.view],
      ['edit', keys.edit],
      ['own', keys.own],
    ])
  })

  it.each(['edit', 'view'] as const)('are not shown to the %s link', async (role) => {
    const server = await startTestServer()
    const { id, keys } = await createDocument(server.url)
    const response = await get(server, `/api/documents/${id}/links`, keys[role])
    expect(await problemOf(response)).toEqual({ status: 403, code: 'not-allowed' })
  })
})

describe('whoever has no right to a document', () => {
  const paths = ['text', 'links', 'session'] as const
  const ask = (server: TestServer, id: string, path: string, key?: string): Promise<Response> => {
    const url = `/api/documents/${id}/${path}`
    return path === 'session' ? post(server.url + url, {}, key) : get(server, url, key)
  }

  it.each(paths)('cannot tell a wrong key from a document there is not: %s', async (path) => {
    const server = await startTestServer()
    const { id } = await createDocument(server.url)
    const other = await createDocument(server.url)
    const answers = await Promise.all([
      ask(server, id, path, someKey),
      ask(server, id, path, other.keys.own),
      ask(server, 'no-such-document', path, someKey),
      ask(server, '%00', path, someKey),
      ask(server, 'n'.repeat(300), path, someKey),
    ])
    const bodies = await Promise.all(answers.map((answer) => answer.clone().text()))
    expect(await problemOf(answers[0] ?? Response.error())).toEqual({ status: 404, code: 'document-unknown' })
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404))
    expect(new Set(bodies)).toHaveProperty('size', 1)
  })

  it.each(paths)('is told that a key is needed: %s', async (path) => {
    const server = await startTestServer()
    const { id } = await createDocument(server.url)
    for (const key of [undefined, 'words'])
      expect(await problemOf(await ask(server, id, path, key))).toEqual({
        status: 401,
        code: 'not-authenticated',
      })
  })
})

describe('the server itself', () => {
  it('says that it is alive, and ready', async () => {
    const server = await startTestServer()
    for (const [path, words] of [
      ['/healthz', 'alive\n'],
      ['/readyz', 'ready\n'],
    ] as const) {
      const response = await get(server, path)
      expect({ status: response.status, body: await response.text() }).toEqual({ status: 200, body: words })
    }
  })

  it.each(['/nowhere', '/api/nowhere', '/api/documents/x/nowhere', '/d/x'])(
    'has nothing at %s',
    async (path) => {
      const server = await startTestServer()
      expect(await problemOf(await get(server, path))).toEqual({ status: 404, code: 'not-found' })
    },
  )

  it('says to browsers with every answer what they may not do', async () => {
    const server = await startTestServer()
    const { id } = await createDocument(server.url)
    for (const path of ['/healthz', '/nowhere', `/api/documents/${id}/text`, '/api/documents']) {
      const { headers } = await get(server, path)
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      })
      expect(headers.has('access-control-allow-origin')).toBe(false)
    }
  })
})

describe('the built editor', () => {
  async function withEditor(options: TestServerOptions = {}): Promise<TestServer> {
    const outside = temporaryFolder()
    const editorFolder = join(outside, 'dist')
    mkdirSync(join(editorFolder, 'assets'), { recursive: true })
    writeFileSync(join(outside, 'secret'), 'not for anyone')
    writeFileSync(join(editorFolder, 'index.html'), '<!doctype html><title>Quire</title>')
    writeFileSync(join(editorFolder, 'admin.html'), '<!doctype html><title>Quire, for its operator</title>')
    writeFileSync(join(editorFolder, 'assets', 'main-1a2b3c.js'), 'export {}')
    writeFileSync(
      join(editorFolder, 'assets', 'preview-1a2b3c.html'),
      '<script type="module">show()</script>',
    )
    return startTestServer({ ...options, editorFolder })
  }

  it.each(['/', '/d/some-document', '/d/some-document?print'])('is the page at %s', async (path) => {
    const response = await get(await withEditor(), path)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('<title>Quire</title>')
    expect(response.headers.get('content-type')).toMatch(/^text\/html/)
    expect(response.headers.get('cache-control')).toBe('no-cache')
    const policy = response.headers.get('content-security-policy') ?? ''
    for (const directive of [
      "default-src 'none'",
      "script-src 'self'",
      "require-trusted-types-for 'script'",
      'trusted-types lit-html quire-worker dompurify',
    ])
      expect(policy.split('; ')).toContain(directive)
    expect(policy).not.toContain('unsafe')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  })

  it('tells readers in a page that there is nothing, and programs as the API does', async () => {
    const server = await withEditor()
    const accept = 'text/html,application/xhtml+xml,*/*;q=0.8'
    const ask = (path: string): Promise<Response> => fetch(`${server.url}${path}`, { headers: { accept } })
    const response = await ask('/nowhere')
    expect([response.status, response.headers.get('cache-control')]).toEqual([404, 'no-cache'])
    expect(response.headers.get('content-type')).toMatch(/^text\/html/)
    expect(await response.text()).toContain('<title>Quire</title>')
    expect(await problemOf(await get(server, '/nowhere'))).toEqual({ status: 404, code: 'not-found' })
    expect(await problemOf(await ask('/api/nowhere'))).toEqual({ status: 404, code: 'not-found' })
  })

  it.each<[string, readonly string[], object]>([
    ['nobody', [], { ancestors: "frame-ancestors 'none'", xFrameOptions: 'DENY' }],
    [
      'one application',
      ['https://app.example'],
      { ancestors: 'frame-ancestors https://app.example', xFrameOptions: null },
    ],
    [
      'two applications',
      ['https://app.example', 'http://localhost:3000'],
      { ancestors: 'frame-ancestors https://app.example http://localhost:3000', xFrameOptions: null },
    ],
  ])('is shown in frames of %s', async (_whose, frameAncestors, expected) => {
    const { headers } = await get(await withEditor({ frameAncestors }), '/d/some-document')
    const directives = headers.get('content-security-policy')?.split('; ') ?? []
    expect({
      ancestors: directives.find((directive) => directive.startsWith('frame-ancestors')),
      xFrameOptions: headers.get('x-frame-options'),
    }).toEqual(expected)
  })

  it.each(['/admin', '/admin.html', '/%61dmin.html', '/assets/../admin.html'])(
    'is never shown in a frame where something can be deleted: %s',
    async (path) => {
      const { status, headers } = await get(
        await withEditor({ frameAncestors: ['https://app.example'] }),
        path,
      )
      expect([status, headers.get('cache-control')]).toEqual([200, 'no-cache'])
      expect(headers.get('content-security-policy')?.split('; ')).toContain("frame-ancestors 'none'")
      expect(headers.get('content-security-policy')).toContain("script-src 'self';")
      expect(headers.get('x-frame-options')).toBe('DENY')
    },
  )

  it('may be kept by browsers where names change with content', async () => {
    const response = await get(await withEditor(), '/assets/main-1a2b3c.js')
    expect(response.headers.get('content-type')).toMatch(/javascript/)
    expect(response.headers.get('cache-control')).toContain('immutable')
  })

  describe('compressed', () => {
    const words = 'let words = "again and again"\n'.repeat(100)

    /** A file of its, under the same name with other content and the same time if it is to look unchanged. */
    async function withFile(
      path: string,
    ): Promise<{ url: string; become: (content: string, time: Date) => void }> {
      const editorFolder = join(temporaryFolder(), 'dist')
      const file = join(editorFolder, path)
      mkdirSync(dirname(file), { recursive: true })
      const become = (content: string, time: Date): void => {
        writeFileSync(file, content)
        utimesSync(file, time, time)
      }
      become(words, new Date(0))
      const { url } = await startTestServer({ editorFolder })
      return { url: `${url}/${path}`, become }
    }

    it.each(['assets/main-1a2b3c.js', 'assets/preview-1a2b3c.html', 'embed/quire-editor.js'])(
      'comes to those who take that, and is compressed once: %s',
      async (path) => {
        const { url, become } = await withFile(path)
        const ask = (encodings: string): Promise<Response> =>
          fetch(url, { headers: { 'accept-encoding': encodings } })
        const plain = await ask('br, gzip;q=0')
        expect([plain.headers.get('content-encoding'), plain.headers.get('vary')]).toEqual([
          null,
          'accept-encoding',
        ])
        expect(await plain.text()).toBe(words)
        const both = await Promise.all([ask('gzip, deflate, br'), ask('br;q=1.0, gzip;q=0.8')])
        for (const response of [...both, await ask('gzip')]) {
          const { headers } = response
          expect([headers.get('content-encoding'), headers.get('vary')]).toEqual(['gzip', 'accept-encoding'])
          expect(Number(headers.get('content-length'))).toBeLessThan(words.length / 10)
          expect(headers.get('content-type')).toMatch(/^text\/(javascript|html)/)
          expect(headers.get('x-content-type-options')).toBe('nosniff')
          expect(await response.text()).toBe(words)
        }
        become(words.toUpperCase(), new Date(0))
        expect(await (await ask('gzip')).text()).toBe(words)
      },
    )

    it('is not what was there before', async () => {
      const { url, become } = await withFile('embed/quire-editor.js')
      expect(await (await fetch(url)).text()).toBe(words)
      become(words.toUpperCase(), new Date(1000))
      expect(await (await fetch(url)).text()).toBe(words.toUpperCase())
    })

    it('is not what is small', async () => {
      const { url, become } = await withFile('assets/main-1a2b3c.js')
      become('export {}', new Date(0))
      expect((await fetch(url)).headers.get('content-encoding')).toBeNull()
    })

    it('is not a part of it', async () => {
      const { url } = await withFile('assets/main-1a2b3c.js')
      await (await fetch(url)).text()
      const response = await fetch(url, { headers: { range: 'bytes=4-8' } })
      expect([response.status, await response.text()]).toEqual([206, 'words'])
    })
  })

  it('shows texts in a frame that may do nothing else', async () => {
    const server = await withEditor({ frameAncestors: ['https://app.example'] })
    const { headers } = await get(server, '/assets/preview-1a2b3c.html')
    expect(headers.get('content-type')).toMatch(/^text\/html/)
    expect(headers.get('cache-control')).toContain('immutable')
    expect(headers.has('access-control-allow-origin')).toBe(false)
    expect(headers.has('x-frame-options')).toBe(false)
    const hash = createHash('sha256').update('show()').digest('base64')
    expect(headers.get('content-security-policy')?.split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'sha256-${hash}' blob:`,
      "style-src 'unsafe-inline'",
      'font-src data:',
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'self' https://app.example",
      'sandbox allow-scripts allow-modals',
      "require-trusted-types-for 'script'",
      "trusted-types dompurify default 'allow-duplicates'",
    ])
    const withPictures = await get(server, '/assets/preview-1a2b3c.html?pictures')
    expect(withPictures.headers.get('content-security-policy')).toContain('img-src data: https: http:;')
  })

  it.each([
    '/../secret',
    '/..%2fsecret',
    '/%2e%2e/secret',
    '/assets/..%2f..%2fsecret',
    '/assets/%00',
    '/assets/preview-nowhere.html',
    '/nowhere.js',
  ])('does not lead out of its folder: %s', async (path) => {
    const { url } = await withEditor()
    const answer = await getAsWritten(url, path)
    expect(answer.status).toBe(404)
    expect(answer.body).not.toContain('not for anyone')
  })
})
