/** The types of a module and of all that they are made of, beside the modules that are built of the same sources. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, posix, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const editor = fileURLToPath(new URL('.', import.meta.url))
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')

/** Where the compiler leaves what it tells of a folder of ours, and what that folder is called among the modules. */
const folders: readonly (readonly [told: string, name: string])[] = [
  [join(editor, '../../.tsc/editor'), ''],
  [join(editor, '../../.tsc/protocol/src'), 'protocol'],
]

/** `entry`: without its ending, from `src`. */
export function declarations(entry: string): Plugin {
  return {
    name: 'declarations',
    generateBundle() {
      execFileSync(process.execPath, [tsc, '-b', editor], { stdio: 'inherit' })
      const names = new Set([`${entry}.d.ts`])
      // What is added on the way is met later.
      for (const fileName of names) {
        const source = declarationOf(fileName, (other) => names.add(other))
        this.emitFile({ type: 'asset', fileName, source })
      }
    },
  }
}

/** Imported for what they do, modules say nothing of types. */
function declarationOf(fileName: string, needed: (fileName: string) => void): string {
  const [told, name] = folders.findLast(([, folder]) => fileName.startsWith(folder)) ?? ['', '']
  return readFileSync(join(told, relative(name, fileName)), 'utf8')
    .replaceAll(/^import '[^']+';\n/gm, '')
    .replaceAll(
      /(?<=\bfrom |\bimport\()(['"])(\.[^'"]+|@quire\/protocol)\1/g,
      (_whole, quote: string, id: string) => {
        const other = id.startsWith('.') ? posix.join(posix.dirname(fileName), id) : 'protocol/index.ts'
        needed(other.replace(/\.ts$/, '.d.ts'))
        const path = posix.relative(posix.dirname(fileName), other.replace(/\.ts$/, '.js'))
        return `${quote}${path.startsWith('.') ? path : `./${path}`}${quote}`
      },
    )
}
