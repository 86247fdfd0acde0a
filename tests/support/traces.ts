/** Recordings of real people typing, from the folder `QUIRE_TRACES`; its README tells their format. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import * as Y from 'yjs'
import { sharedFolder } from './shared-folder.ts'

const folder = sharedFolder({ variable: 'QUIRE_TRACES', name: 'traces' })

export const hasTraces = folder !== undefined

type Patch = readonly [position: number, deleted: number, inserted: string]

export interface SequentialTrace {
  readonly endContent: string
  readonly txns: readonly { readonly patches: readonly Patch[] }[]
}

export interface ConcurrentTrace {
  readonly endContent: string
  readonly numAgents: number
  readonly txns: readonly {
    /** Indexes of the transactions this one was made on top of. */
    readonly parents: readonly number[]
    readonly agent: number
    readonly patches: readonly Patch[]
  }[]
}

export function readSequentialTrace(name: string): SequentialTrace {
  return read(name) as SequentialTrace // the files are fixed, and their README gives the format
}

export function readConcurrentTrace(name: string): ConcurrentTrace {
  return read(name) as ConcurrentTrace // the files are fixed, and their README gives the format
}

function read(name: string): unknown {
  return JSON.parse(gunzipSync(readFileSync(join(folder ?? '', `${name}.json.gz`))).toString())
}

/** The first so many transactions of a trace, and what they come to, which is reckoned without Yjs. */
export function beginningOf(trace: SequentialTrace, count: number): SequentialTrace {
  if (count >= trace.txns.length) return trace
  const txns = trace.txns.slice(0, count)
  const endContent = txns
    .flatMap(({ patches }) => patches)
    .reduce(
      (text, [position, deleted, inserted]) =>
        text.slice(0, position) + inserted + text.slice(position + deleted),
      '',
    )
  return { txns, endContent }
}

/** One transaction of a trace as one Yjs transaction. */
export function type(text: Y.Text, patches: readonly Patch[]): void {
  text.doc?.transact(() => {
    for (const [position, deleted, inserted] of patches) {
      if (deleted > 0) text.delete(position, deleted)
      if (inserted !== '') text.insert(position, inserted)
    }
  })
}

/** A transaction of a concurrent trace as bytes on a wire. */
export interface RecordedUpdate {
  readonly agent: number
  readonly update: Uint8Array
  /** The transactions of others that came to its author between their last transaction and this one, in order. */
  readonly learned: readonly number[]
  /** What its author's document held when it was made: next clock by client. */
  readonly builtOn: ReadonlyMap<number, number>
}

/** Ascending, so that two people typing at one place are ordered as in the recording. */
export const clientIdOf = (agent: number): number => 1000 + agent

export interface Recording {
  readonly trace: ConcurrentTrace
  readonly recorded: readonly RecordedUpdate[]
}

const recordings = new Map<string, Recording>()

/**
 * A concurrent trace and what its transactions send: made once, since playing it takes seconds and always gives the same. Of
 * the first so many transactions only, which none of the others come before: then its end is what Yjs makes of these.
 */
export function readRecording(name: string, count = Infinity): Recording {
  const key = `${name} ${count}`
  const recording = recordings.get(key) ?? recordingOf(readConcurrentTrace(name), count)
  recordings.set(key, recording)
  return recording
}

function recordingOf(whole: ConcurrentTrace, count: number): Recording {
  const txns = whole.txns.slice(0, count)
  const recorded = recordUpdates({ ...whole, txns })
  if (count >= whole.txns.length) return { trace: whole, recorded }
  const doc = new Y.Doc()
  for (const { update } of recorded) Y.applyUpdate(doc, update)
  return { trace: { ...whole, txns, endContent: doc.getText('content').toString() }, recorded }
}

/** Plays a concurrent trace in memory, one document for each agent, and keeps what each transaction sends. */
export function recordUpdates({ numAgents, txns }: ConcurrentTrace): RecordedUpdate[] {
  const agents = Array.from({ length: numAgents }, (_, agent) => {
    const doc = new Y.Doc()
    doc.clientID = clientIdOf(agent)
    return { doc, text: doc.getText('content'), held: new Set<number>() }
  })
  const recorded: RecordedUpdate[] = []
  for (const [index, { agent, parents, patches }] of txns.entries()) {
    const author = agents[agent]
    if (!author) throw new Error(`there is no agent ${agent}`)
    const learned = ancestorsNotIn(author.held, parents, txns)
    for (const ancestor of learned) {
      author.held.add(ancestor)
      Y.applyUpdate(author.doc, recorded[ancestor]?.update ?? new Uint8Array())
    }
    const builtOn = Y.decodeStateVector(Y.encodeStateVector(author.doc))
    let update: Uint8Array | undefined
    author.doc.once('update', (bytes: Uint8Array) => (update = bytes))
    type(author.text, patches)
    if (!update) throw new Error(`transaction ${index} changes nothing`)
    author.held.add(index)
    recorded.push({ agent, update, learned, builtOn })
  }
  return recorded
}

/** In index order, which is an order in which each builds only on earlier ones. */
function ancestorsNotIn(
  held: ReadonlySet<number>,
  parents: readonly number[],
  txns: ConcurrentTrace['txns'],
): number[] {
  const found = new Set<number>()
  const open = [...parents]
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (held.has(index) || found.has(index)) continue
    found.add(index)
    open.push(...(txns[index]?.parents ?? []))
  }
  return [...found].toSorted((a, b) => a - b)
}
