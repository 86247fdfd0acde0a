/** Makes documents of files. */
import { parseLink } from '@quire/protocol'
import { t } from '../words/index.ts'
import { readFile } from './read-file.ts'
import { pathOf } from './route.ts'
import type { Answer, NewDocument, Surroundings } from './surroundings.ts'

export interface Imported {
  /** Of the documents that were made, the paths that open them. */
  readonly paths: readonly string[]
  /** Of the other files, why they did not become one, in words that may be shown as they are. */
  readonly failures: readonly string[]
}

type World = Pick<Surroundings, 'server' | 'recents' | 'now'>

/** One after another: a server may ask for patience, and what comes first is to be opened first. */
export async function importFiles(files: readonly File[], world: World): Promise<Imported> {
  const paths: string[] = []
  const failures: string[] = []
  for (const file of files) {
    // oxlint-disable-next-line no-await-in-loop -- in their order
    const made = await importFile(file, world)
    if (made.type === 'given') paths.push(made.value)
    else failures.push(made.words)
  }
  return { paths, failures }
}

async function importFile(file: File, world: World): Promise<Answer<string>> {
  const { name } = file
  const read = await readFile(file)
  if (read.type === 'failed') return read
  const { title, text, language } = read
  const made = await makeDocument(world, { title, text, language })
  return made.type === 'given'
    ? made
    : { type: 'failed', words: t('import.failed', { name, reason: made.words }) }
}

/** Resolves to the path that opens it; the device remembers it by then. */
export async function makeDocument(world: World, document?: NewDocument): Promise<Answer<string>> {
  const { server, recents, now } = world
  const answer = await server.create(document)
  if (answer.type === 'failed') return answer
  const link = parseLink(answer.value)
  if (!link) return { type: 'failed', words: t('server.unreadableLink') }
  const path = pathOf(link)
  // Before anything else can fail: nobody but this page has the owner's link now.
  recents.remember({
    documentId: link.documentId,
    path,
    role: 'own',
    title: document?.title ?? '',
    openedAt: now(),
  })
  return { type: 'given', value: path }
}
