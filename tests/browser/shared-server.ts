/**
 * A server that the stories of one worker take turns with, since starting one costs more than many a story: their
 * documents are apart anyway. A story may kill, stop or pause it; the next one finds it serving again.
 */
import { makeDataFolder, runServer, type Environment, type ServerProcess } from '../../scripts/run-server.ts'

export class SharedServer {
  readonly url: string
  readonly #folder: ReturnType<typeof makeDataFolder>
  readonly #environment: Environment
  #running: ServerProcess | undefined

  static async begin(environment: Environment = {}): Promise<SharedServer> {
    const folder = makeDataFolder()
    const own = { ...environment, QUIRE_DATA: folder.path }
    return new SharedServer(folder, own, await runServer(own))
  }

  private constructor(
    folder: ReturnType<typeof makeDataFolder>,
    environment: Environment,
    running: ServerProcess,
  ) {
    this.url = running.url
    this.#folder = folder
    this.#environment = { ...environment, PORT: new URL(running.url).port }
    this.#running = running
  }

  async kill(): Promise<void> {
    await this.#running?.stop('SIGKILL')
    this.#running = undefined
  }

  /** On the same port and folder. */
  async start(): Promise<void> {
    this.#running ??= await runServer(this.#environment)
  }

  /** It keeps its connections, and answers on none of them. */
  pause(): void {
    if (this.#running) process.kill(this.#running.pid, 'SIGSTOP')
  }

  resume(): void {
    if (this.#running) process.kill(this.#running.pid, 'SIGCONT')
  }

  /** Whatever the last story has done to it. */
  async recover(): Promise<void> {
    this.resume()
    await this.start()
  }

  async close(): Promise<void> {
    await this.kill()
    this.#folder.remove()
  }
}
