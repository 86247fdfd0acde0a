/** `quire serve`: runs the server until it is told to stop. */
import { endingLines } from '../cli/help.ts'
import type { Service } from '../cli/command.ts'
import { describeOptions, readConfig } from '../config.ts'

const hardStopMs = 10_000

export const serve: Service = {
  help: () => `Usage: quire serve [options]

Start the server; it prints its URL when it is ready. SIGTERM and SIGINT stop it once everything is
stored, SIGHUP has it read a renewed certificate.

Options (a flag overrides its environment variable)
${describeOptions()}

Exit codes
${endingLines(['done', 'failed', 'misused', 'busy'])}
`,

  async start(words, environment) {
    const config = readConfig(words, environment)
    // Only now, so that a mistake is told at once: reading the options takes a fraction of what loading the server does.
    const { startServing } = await import('../serve.ts')
    const server = await startServing(config, () => process.exit(1))
    let isStopping = false
    const stop = (): void => {
      if (isStopping) process.exit(1)
      isStopping = true
      setTimeout(() => process.exit(1), hardStopMs).unref()
      void server.close().then(() => process.exit(0))
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
    // Only a new start helps, which nobody gives to a process that looks well.
    void server.broken.then(() => process.exit(1))
    const { renewCertificate } = server
    if (renewCertificate) process.on('SIGHUP', () => void renewCertificate())
    // Last, since whoever waits for this line may stop us the moment they read it.
    process.stdout.write(`Quire is ready at ${server.url}\n`)
  },
}
