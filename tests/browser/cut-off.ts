/** Two people, each with a way of their own to one server, all of which can fail them. */
import { makeDataFolder, runServer, type ServerProcess } from '../../scripts/run-server.ts'
import { Path } from './path.ts'
import { test as base } from './stories.ts'

export interface Scene {
  readonly server: {
    readonly url: string
    pause(): void
    resume(): void
    kill(): Promise<void>
    start(): Promise<void>
  }
  /** Each has a way of their own. */
  readonly annasPath: Path
  readonly bosPath: Path
}

export const test = base.extend<{ scene: Scene }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of fixtures from this pattern
  scene: async ({}, use) => {
    const folder = makeDataFolder()
    const [annasPath, bosPath] = [await Path.open(), await Path.open()]
    const environment = { QUIRE_DATA: folder.path, QUIRE_ORIGINS: `${annasPath.url},${bosPath.url}` }
    let running: ServerProcess = await runServer(environment)
    const { url } = running
    for (const path of [annasPath, bosPath]) path.leadTo(url)
    await use({
      annasPath,
      bosPath,
      server: {
        url,
        pause: () => void process.kill(running.pid, 'SIGSTOP'),
        resume: () => void process.kill(running.pid, 'SIGCONT'),
        kill: () => running.stop('SIGKILL'),
        async start() {
          running = await runServer({ ...environment, PORT: new URL(url).port })
        },
      },
    })
    for (const path of [annasPath, bosPath]) path.close()
    await running.stop('SIGKILL')
    folder.remove()
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
