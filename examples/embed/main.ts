/**
 * A site with two Quire editors in its own pages: one shows a document that everyone writes together, one is a field of a
 * form. The site makes the document over Quire's API when it starts; the page needs one script from Quire.
 */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'

const port = Number(process.env['PORT'] ?? 3000)
/** Where people reach Quire. */
const quireUrl = process.env['QUIRE_URL'] ?? 'http://127.0.0.1:1234'

const made = await fetch(`${quireUrl}/api/documents`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ title: 'Minutes' }),
})
if (!made.ok) throw new Error(`Quire made no document: ${made.status}`)
const { links } = (await made.json()) as { readonly links: { readonly edit: string } }

const types: Readonly<Record<string, string>> = {
  'page.html': 'text/html; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'style.css': 'text/css; charset=utf-8',
}
/** What the page may load and reach: nothing but itself and what it needs of Quire. */
const policy = [
  "default-src 'none'",
  `script-src 'self' ${quireUrl}/embed/`,
  "style-src 'self'",
  `connect-src ${quireUrl.replace(/^http/, 'ws')}/sync/`,
  "form-action 'self'",
].join('; ')

const server = createServer((request, response) => {
  void answer(request).then(({ status = 200, headers, body }) =>
    response.writeHead(status, headers).end(body),
  )
})
server.listen(port, '127.0.0.1', () => console.log(`The site is ready at http://127.0.0.1:${port}`))

interface Answer {
  readonly status?: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

async function answer(request: IncomingMessage): Promise<Answer> {
  if (request.method === 'POST' && request.url === '/suggestions') {
    const sent = new URLSearchParams(await text(request))
    return {
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: `${sent.get('who')} suggests:\n${sent.get('suggestion')}`,
    }
  }
  const name = request.url === '/' ? 'page.html' : (request.url ?? '').slice(1)
  const type = types[name]
  if (!type) return { status: 404, headers: {}, body: '' }
  const body = readFileSync(new URL(name, import.meta.url), 'utf8')
  return {
    headers: { 'content-type': type, 'content-security-policy': policy },
    body: body.replaceAll('$QUIRE', quireUrl).replaceAll('$LINK', links.edit),
  }
}
