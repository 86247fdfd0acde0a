/** `quire import --from`: takes over the documents of another Yjs server, under their names. */
import { parseDocumentName, ProtocolError, type DocumentName } from '@quire/protocol'
import { CommandFailure, type Outcome } from '../cli/command.ts'
import { Failures } from '../cli/failures.ts'
import { count, table, type Column } from '../cli/format.ts'
import { documentPath, type Operator } from '../cli/operator.ts'
import type { Progress } from '../cli/progress.ts'
import { takenOver, type TakenOver } from '../http/answers.ts'
import { SourceError, type KeptDocument } from '../import/kept-document.ts'

/** Each is loaded when it is read. */
const sources = {
  'y-leveldb': async (path: string) => (await import('../import/y-leveldb.ts')).documentsOfYLeveldb(path),
  hocuspocus: async (path: string) => (await import('../import/hocuspocus.ts')).documentsOfHocuspocus(path),
}

export type Source = keyof typeof sources
export const sourceNames: readonly Source[] = ['y-leveldb', 'hocuspocus']

export interface DocumentsToImport {
  readonly from: Source
  readonly path: string
  /** Whose text is to be shown. */
  readonly root: string | undefined
  readonly hasLinks: boolean
  readonly progress: Progress
  readonly interrupted: AbortSignal
}

export async function importDocuments(operator: Operator, options: DocumentsToImport): Promise<Outcome> {
  const { from, path, root, hasLinks, progress, interrupted } = options
  const { wholeDocument } = await import('../import/whole-document.ts')
  const failures = new Failures()
  const imported: TakenOver[] = []
  const lacks: { readonly of: string; readonly message: string }[] = []

  const take = async ({ name, encodedName, updates }: KeptDocument): Promise<TakenOver> => {
    const id = demandName(encodedName)
    const whole = wholeDocument(updates, root)
    if (whole.type === 'refused') throw new CommandFailure('failed', 'update-refused', whole.reason)
    const address = documentPath(id, `/update?links=${hasLinks ? 'first' : 'none'}`)
    const made = await operator.putBytes(address, whole.update, takenOver)
    if (whole.lack !== undefined) lacks.push({ of: name, message: whole.lack })
    return made
  }

  try {
    for await (const kept of await sources[from](path)) {
      const made = await failures.attempt(kept.name, () => take(kept))
      if (made) imported.push(made)
      progress.show(`${count(imported.length, 'document')}…`)
      if (interrupted.aborted) {
        failures.add(
          kept.name,
          new CommandFailure('failed', 'interrupted', 'Nothing after this is imported.'),
        )
        break
      }
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    const failure = new CommandFailure('misused', 'source-unreadable', error.message)
    if (imported.length === 0 && failures.size === 0) throw failure
    failures.add(path, failure)
  }
  if (imported.length === 0 && failures.size === 0)
    throw new CommandFailure('failed', 'nothing-to-import', 'There are no documents there.')
  const { ending, warnings = [] } = failures.outcome
  return {
    data: { imported, lacks, failures: failures.list },
    text: imported.length > 0 ? table(hasLinks ? columns : columns.slice(0, 1), imported) : '',
    ending,
    warnings: [...lacks.map(({ of, message }) => `${of}: ${message}`), ...warnings],
  }
}

const columns: readonly Column<TakenOver>[] = [
  { head: 'DOCUMENT', cell: ({ id }) => id },
  { head: 'OWNER’S LINK', cell: ({ links }) => links?.own ?? '' },
]

function demandName(encoded: string): DocumentName {
  try {
    const name = parseDocumentName(encoded)
    // In a path, these would name another.
    if (name !== '.' && name !== '..') return name
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
  }
  throw new CommandFailure(
    'failed',
    'document-name-malformed',
    'No document of Quire has such a name: it is empty, longer than 256 bytes, a dot or two, holds control characters, or is no URL.',
  )
}
