import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, expect } from './stories.ts'

const worker = readFileSync(new URL('../../apps/editor/dist/service-worker.js', import.meta.url), 'utf8')
/** As the build puts it there. */
const shell = /\{"version":"[^"]*","files":\[[^\]]*\],"later":\[[^\]]*\]\}/g

/** A server whose page was built so often by now. */
async function serveBuilds(): Promise<{ url: string; build: (number: number) => void; close: () => void }> {
  let built = 1
  const files = (): Readonly<Record<string, readonly [type: string, content: string]>> => ({
    '/': ['text/html', `<!doctype html><title>build ${built}</title>`],
    [`/assets/part-${built}.js`]: ['text/javascript', `export const build = ${built}`],
    '/service-worker.js': [
      'text/javascript',
      worker.replaceAll(
        shell,
        JSON.stringify({ version: String(built), files: [`/assets/part-${built}.js`], later: [] }),
      ),
    ],
  })
  const server = createServer(({ url = '/' }, response) => {
    const [type, content] = files()[url] ?? []
    if (type) response.writeHead(200, { 'content-type': type }).end(content)
    else response.writeHead(404).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on one
  return {
    url: `http://127.0.0.1:${port}`,
    build: (number) => (built = number),
    close: () => void server.close(),
  }
}

test('a page that is open goes on with what it was made of when the server has a newer one', async ({
  person,
}) => {
  const { url, build, close } = await serveBuilds()
  const anna = await person('Anna', { serviceWorkers: 'allow' })
  const buildOf = (part: number): Promise<number> =>
    anna.evaluate(
      async (path) => ((await import(path)) as { build: number }).build,
      `/assets/part-${part}.js`,
    )
  /** Resolves once the worker of that build looks after her page. */
  const look = (number: number): Promise<void> => {
    build(number)
    return anna.evaluate(async () => {
      const changed = new Promise((resolve) =>
        navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
      )
      const registration = await navigator.serviceWorker.register('/service-worker.js')
      await registration.update()
      await changed
    })
  }
  await anna.goto(url)
  await look(1)
  await look(2)
  expect(await buildOf(1)).toBe(1)
  await look(3)
  await expect.poll(() => anna.evaluate(() => caches.keys())).toEqual(['quire page 2', 'quire page 3'])
  await anna.close()
  close()
})
