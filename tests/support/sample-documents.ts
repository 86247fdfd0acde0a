/** Real documents by others, from the folder `QUIRE_DOCUMENTS`: large, in many scripts, with every line ending. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sharedFolder } from './shared-folder.ts'

const folder = sharedFolder({ variable: 'QUIRE_DOCUMENTS', name: 'documents' })
const notSamples = new Set(['README.md', '.gitattributes'])

/** Empty if the folder is not there. */
export const sampleNames: readonly string[] =
  folder === undefined ? [] : readdirSync(folder).filter((name) => !notSamples.has(name))

export function readSample(name: string): string {
  return readFileSync(join(folder ?? '', name), 'utf8')
}
