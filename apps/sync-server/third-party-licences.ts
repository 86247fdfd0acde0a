/** What the licences of others ask for: each package that is built in, with its licence as it came. */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: string
  readonly dependencies?: Readonly<Record<string, string>>
}

/** In Markdown: of all that the packages in these folders depend on, whether or not all of it ends up in what is built. */
export function thirdPartyLicences(folders: readonly string[]): string {
  const found = new Set(folders)
  // A set is walked with what is added to it meanwhile.
  for (const folder of found)
    for (const name of Object.keys(manifestOf(folder).dependencies ?? {}))
      found.add(realpathSync(folderOf(name, folder)))
  const sections = [...found].filter((folder) => folder.includes('node_modules')).map(sectionOf)
  const unique = [...new Set(sections)].toSorted()
  return `# Licences of others\n\nQuire is built with these packages, each under its own licence.\n\n${unique.join('\n')}`
}

/** As Node finds it: in the nearest `node_modules` of a folder that is not itself one. */
function folderOf(name: string, importer: string): string {
  const path = join(importer, 'node_modules', name)
  if (existsSync(path)) return path
  const parent = dirname(importer)
  if (parent === importer) throw new Error(`${name} is not installed`)
  return folderOf(name, parent)
}

function sectionOf(folder: string): string {
  const { name, version, license } = manifestOf(folder)
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim())
  const short = license === undefined ? [] : [`Licence: ${license}`]
  return [`## ${name} ${version}`, ...short, ...texts.map(quote), ''].join('\n\n')
}

function quote(text: string): string {
  return text.replaceAll(/^/gm, '> ').replaceAll(/[ \t\r]+$/gm, '')
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest // npm's own format
}
