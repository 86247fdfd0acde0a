/** What documents are called. That stands in the text's own bytes, so it is read once for each state of a document, and noted. */
import { isOutage, type DocumentFacts, type Store } from '../../storage/document-store.ts'
import { ResourceLimitError, type Workshop } from '../../workshop/workshop.ts'

/** Each is a document in memory; the workshop is left time for what rooms want of it. */
const readAtOnce = 4

export interface TitlePorts {
  readonly store: Store
  readonly workshop: Workshop
}

/** In the order of `facts`; undefined where a document cannot be read. */
export async function titlesOf(
  facts: readonly DocumentFacts[],
  ports: TitlePorts,
): Promise<readonly (string | undefined)[]> {
  const titles = facts.map(({ title }) => title)
  const missing = [...facts.entries()].filter(([, { title }]) => title === undefined).values()
  const readSome = async (): Promise<void> => {
    for (const [index, each] of missing) titles[index] = await readTitle(each, ports)
  }
  await Promise.all(Array.from({ length: readAtOnce }, readSome))
  return titles
}

async function readTitle(
  { name }: DocumentFacts,
  { store, workshop }: TitlePorts,
): Promise<string | undefined> {
  try {
    const stored = await store.load(name)
    if (!stored) return undefined
    const text = await workshop.readTitle(stored).catch(noneIfTooMuch)
    const position = stored.tail.at(-1)?.position ?? stored.base?.position ?? 0
    // It can be read again: a list does not fail for want of room to note it.
    void store.noteTitle(name, { position, text }).catch(() => undefined)
    return text
  } catch (error) {
    if (isOutage(error)) throw error
    return undefined
  }
}

/** Noted as well, so that no list waits for it again. */
function noneIfTooMuch(error: unknown): string {
  if (error instanceof ResourceLimitError) return ''
  throw error
}
