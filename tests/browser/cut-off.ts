/** Two people, each with a way of their own to one server, all of which can fail them. */
import { Path } from './path.ts'
import { SharedServer } from './shared-server.ts'
import { test as base } from './stories.ts'

export interface Scene {
  readonly server: SharedServer
  /** Each has a way of their own. */
  readonly annasPath: Path
  readonly bosPath: Path
}

export const test = base.extend<{ scene: Scene }>({
  scene: async ({ kept }, use) => {
    const scene = await kept.one(beginScene)
    const { annasPath, bosPath, server } = scene
    await use(scene)
    for (const path of [annasPath, bosPath]) path.restore()
    await server.recover()
  },
})

async function beginScene() {
  const [annasPath, bosPath] = [await Path.open(), await Path.open()]
  const server = await SharedServer.begin({ QUIRE_ORIGINS: `${annasPath.url},${bosPath.url}` })
  const paths = [annasPath, bosPath]
  for (const path of paths) path.leadTo(server.url)
  async function close(): Promise<void> {
    for (const path of paths) path.close()
    await server.close()
  }
  return { annasPath, bosPath, server, close }
}

/** What a server would serve after any restart. */
export async function storedText(server: Scene['server'], link: string): Promise<string> {
  const { pathname, hash } = new URL(link)
  const response = await fetch(`${server.url}/api/documents/${pathname.split('/').at(-1)}/text`, {
    headers: { authorization: `Bearer ${hash.slice(1)}` },
  })
  return response.text()
}
