/**
 * How much JavaScript a page needs before anything can be done on it: what the built page loads by itself, and what that
 * imports. `node scripts/size.ts` prints it for the last build, largest file first.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const builtEditor = fileURLToPath(new URL('../apps/editor/dist', import.meta.url))

export interface InitialFile {
  readonly path: string
  readonly gzipBytes: number
}

/** The files of the page in this folder, found as a browser finds them: in its HTML, and in what those import. */
export function initialFiles(folder: string = builtEditor): readonly InitialFile[] {
  const page = readFileSync(join(folder, 'index.html'), 'utf8')
  const found = new Set([...page.matchAll(/<(?:script|link)[^>]+(?:src|href)="(\/[^"]+\.js)"/g)].map(group))
  // A set is walked with what is added to it meanwhile.
  for (const path of found)
    for (const imported of staticImports(readFileSync(join(folder, path), 'utf8')))
      found.add(new URL(imported, `https://page${path}`).pathname)
  return [...found]
    .map((path) => ({ path, gzipBytes: gzipSync(readFileSync(join(folder, path)), { level: 9 }).length }))
    .toSorted((one, other) => other.gzipBytes - one.gzipBytes)
}

/** Of a module as it is built: all imports stand at its beginning, each with a path of its own folder. */
function staticImports(code: string): string[] {
  return [
    ...code.matchAll(/(?:^|[;}])\s*(?:import|export)\s*(?:[\w$*{][^;"'`()]*from\s*)?["'](\.[^"']+)["']/g),
  ].map(group)
}

function group(match: RegExpExecArray): string {
  return match[1] ?? ''
}

if (import.meta.main) {
  const files = initialFiles()
  for (const { path, gzipBytes } of files)
    console.log(`${(gzipBytes / 1024).toFixed(1).padStart(7)} KiB  ${path}`)
  const total = files.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0)
  console.log(`${(total / 1024).toFixed(1).padStart(7)} KiB  in all`)
}
