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

export const test = base.extend<{ scene: Scene }, { sharedScene: Scene }>({
  sharedScene: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of fixtures from this pattern
    async ({}, use) => {
      const [annasPath, bosPath] = [await Path.open(), await Path.open()]
      const server = await SharedServer.begin({ QUIRE_ORIGINS: `${annasPath.url},${bosPath.url}` })
      for (const path of [annasPath, bosPath]) path.leadTo(server.url)
      await use({ annasPath, bosPath, server })
      for (const path of [annasPath, bosPath]) path.close()
      await server.close()
    },
    { scope: 'worker' },
  ],
  scene: async ({ sharedScene }, use) => {
    const { annasPath, bosPath, server } = sharedScene
    await use(sharedScene)
    for (const path of [annasPath, bosPath]) path.restore()
    await server.recover()
  },
})

/** What a server would serve after any restart. */
export async function storedText(server: Scene['server'], link: string): Promise<string> {
  const { pathname, hash } = new URL(link)
  const response = await fetch(`${server.url}/api/documents/${pathname.split('/').at(-1)}/text`, {
    headers: { authorization: `Bearer ${hash.slice(1)}` },
  })
  return response.text()
}
