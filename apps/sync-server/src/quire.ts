#!/usr/bin/env node
/**
 * Where the built server begins: the command line, if this Node can run it. Nothing is imported before that is known, and
 * nothing here is newer than modules themselves, so that an old Node gets as far as saying so.
 */
const oldest = { major: 26, minor: 10 }
const exitMisused = 2

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) {
  await import('./main.ts')
} else {
  process.stderr.write(
    `Quire needs Node ${oldest.major}.${oldest.minor} or newer, and this is ${process.version}.\n`,
  )
  process.exitCode = exitMisused
}
