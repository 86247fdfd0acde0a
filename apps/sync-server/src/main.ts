#!/usr/bin/env node
/** The command line: the only place that reads the process's words and environment and sets its exit code. */
import { run } from './cli/run.ts'

// Whoever has read enough (`quire list | head`) has closed the pipe: nobody is left to be told.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.exitCode = await run(process.argv.slice(2), process.env)
