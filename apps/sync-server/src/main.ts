/** The command line: reads the environment, owns the signals, and hands everything else its options. */
import { BusyError, ConfigError, describeOptions, readConfig } from './config.ts'

const usage = `Usage: quire serve [options]

  serve          start the server; prints its URL when it is ready
  --help         show this

Options (a flag overrides its environment variable):
${describeOptions()}

Exit codes:
  0   it was asked to stop, and everything is stored
  1   it failed, or was not given the time to stop
  2   something that it says has to be mended first
  75  the port or the data folder is taken: trying again later may help
`

const exitMisused = 2
/** EX_TEMPFAIL of sysexits.h. */
const exitBusy = 75
const hardStopMs = 10_000

const [command, ...flags] = process.argv.slice(2)
if (command === '--help' || command === 'help' || flags.includes('--help')) {
  process.stdout.write(usage)
} else if (command !== 'serve') {
  process.stderr.write(`${command ? `"${command}" is not a command.` : 'Which command?'}\n\n${usage}`)
  process.exitCode = exitMisused
} else {
  await run()
}

async function run(): Promise<void> {
  try {
    const config = readConfig(flags, process.env)
    // Only now, so that a mistake is told at once: reading the options takes a fraction of what loading the server does.
    const { serve } = await import('./commands/serve.ts')
    const server = await serve(config)
    let isStopping = false
    const stop = (): void => {
      if (isStopping) process.exit(1)
      isStopping = true
      setTimeout(() => process.exit(1), hardStopMs).unref()
      void server.close().then(() => process.exit(0))
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
    const { renewCertificate } = server
    if (renewCertificate) process.on('SIGHUP', () => void renewCertificate())
    // Last, since whoever waits for this line may stop us the moment they read it.
    process.stdout.write(`Quire is ready at ${server.url}\n`)
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof BusyError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = error instanceof BusyError ? exitBusy : exitMisused
  }
}
