/**
 * Node's own modules are taken from the process instead of imported. To import one reads each of its exports, and some are
 * made only then: `node:http` loads a whole client for `fetch` that way, and `node:fs` its streams. Of the CPU time that a
 * command takes it is a quarter.
 */
import type { Plugin } from 'vite'

/** As a bundler writes it, each on a line of its own: default, namespace and named imports. */
const imported = /^import (?:(\w+)|\* as ([\w$]+)|(\{[^}]*\})) from "(node:[\w/]+)";$/gm

export function builtinModules(): Plugin {
  return {
    name: 'builtin-modules',
    apply: 'build',
    renderChunk: (code) => ({ code: takeBuiltins(code), map: null }),
  }
}

export function takeBuiltins(code: string): string {
  const taken = code.replaceAll(imported, (_line, one?: string, all?: string, some?: string, module = '') => {
    const names = one ?? all ?? some?.replaceAll(' as ', ': ')
    return `const ${names} = process.getBuiltinModule("${module}");`
  })
  const left = /^import .*"node:.*$/m.exec(taken)
  if (left) throw new Error(`not taken from the process: ${left[0]}`)
  return taken
}
