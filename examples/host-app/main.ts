/**
 * An application that knows its users and shows them Quire documents in its own pages. For whoever may open a document it
 * signs a token that lasts a few minutes, it publishes the key by which Quire knows the token is good, and it hands a
 * newer one to the page before the last one ends.
 */
import { createServer } from 'node:http'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'

const port = Number(process.env['PORT'] ?? 3000)
const url = `http://127.0.0.1:${port}`
/** Where people reach Quire. */
const quireUrl = process.env['QUIRE_URL'] ?? 'http://127.0.0.1:1234'
const tokenSeconds = Number(process.env['TOKEN_SECONDS'] ?? 300)

interface Document {
  readonly title: string
  /** What each user may do; who is not named here may not open it. */
  readonly roles: Readonly<Record<string, 'view' | 'edit'>>
}

const users = new Map([
  ['ada', 'Ada Lovelace'],
  ['bo', 'Bo Lindqvist'],
])
const documents = new Map<string, Document>([
  ['minutes', { title: 'Minutes', roles: { ada: 'edit', bo: 'edit' } }],
  ['handbook', { title: 'Handbook', roles: { ada: 'edit', bo: 'view' } }],
])

/** Made at each start: Quire asks for the keys again when a token names one it does not know. */
const { publicKey, privateKey } = await generateKeyPair('EdDSA')
const publicJwk = await exportJWK(publicKey)
const keyId = await calculateJwkThumbprint(publicJwk)
const keySet = { keys: [{ ...publicJwk, kid: keyId, alg: 'EdDSA', use: 'sig' }] }

interface Answer {
  readonly status?: number
  readonly type: 'text/html; charset=utf-8' | 'application/json'
  readonly body: string
}

const server = createServer((request, response) => {
  void answer(request.url ?? '/').then(({ status = 200, type, body }) =>
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body),
  )
})
server.listen(port, '127.0.0.1', () => console.log(`The application is ready at ${url}`))

async function answer(path: string): Promise<Answer> {
  if (path === '/') return html('Fernhill', startPage())
  if (path === '/keys') return json(keySet)
  // Who somebody is stands in the address here. With you it follows from their session.
  const [, userId = '', documentId = '', rest] = path.split('/')
  const [user, document] = [users.get(userId), documents.get(documentId)]
  const role = document?.roles[userId]
  if (!user || !document || !role) return { ...html('Nothing here', '<p>Nothing here.</p>'), status: 404 }
  if (rest === undefined) return html(document.title, documentPage(document, user))
  const token = await sign({ sub: userId, name: user, doc: documentId, role })
  return json({ url: `${quireUrl}/d/${documentId}#token=${token}`, expiresIn: tokenSeconds })
}

function sign(claims: { sub: string; name: string; doc: string; role: string }): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'EdDSA', kid: keyId })
    .setIssuer(url)
    .setAudience('quire')
    .setExpirationTime(`${tokenSeconds} seconds`)
    .sign(privateKey)
}

function startPage(): string {
  const links = [...documents].flatMap(([documentId, { title, roles }]) =>
    Object.entries(roles).map(
      ([userId, role]) =>
        `<li><a href="/${userId}/${documentId}">${title}, as ${users.get(userId)}</a> (${role})</li>`,
    ),
  )
  return `<main><h1>Fernhill</h1><ul>${links.join('')}</ul></main>`
}

/** `replace` to the address that is there already, with another fragment, loads nothing and leaves Back as it is. */
function documentPage({ title }: Document, user: string): string {
  return `<nav><a href="/">Fernhill</a><span>${user}</span></nav>
    <iframe title="${title}" allow="clipboard-read; clipboard-write"></iframe>
    <script>
      const frame = document.querySelector('iframe')
      async function handOverToken() {
        const response = await fetch(location.pathname + '/token')
        const { url, expiresIn } = await response.json()
        frame.contentWindow.location.replace(url)
        return expiresIn
      }
      function keepAccess() {
        handOverToken().then(
          (seconds) => setTimeout(keepAccess, seconds * 500),
          () => setTimeout(keepAccess, 2000),
        )
      }
      keepAccess()
    </script>`
}

function html(title: string, body: string): Answer {
  return {
    type: 'text/html; charset=utf-8',
    body: `<!doctype html>
      <html lang="en">
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          body { display: flex; flex-direction: column; height: 100dvh; margin: 0; font: 15px/1.5 system-ui }
          main { padding: 24px }
          nav { display: flex; justify-content: space-between; padding: 10px 16px; background: #1f4d3d; color: #fff }
          nav a { color: inherit; font-weight: 600; text-decoration: none }
          iframe { flex: 1; border: 0 }
        </style>
        <body>${body}</body>
      </html>`,
  }
}

function json(value: object): Answer {
  return { type: 'application/json', body: JSON.stringify(value) }
}
