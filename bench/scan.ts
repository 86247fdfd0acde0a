/**
 * What it costs to know a stored document well enough to serve it, without building it: its state is scanned into a ledger,
 * and someone who has nothing is given all of it in parts, or someone who has half of it the rest. Beside it, in the
 * same run, what Yjs takes to apply the same bytes, which is where a server that keeps documents begins. CPU time, best of several rounds.
 *
 *     pnpm bench:scan            # QUIRE_TRACES names the folder of traces, default ../shared/traces
 */
import { Ledger, missingParts, scan, type ScannedUpdate, type StateVector } from '@quire/protocol'
import { cpus, release } from 'node:os'
import * as Y from 'yjs'
import { readTrace, typeInto } from './traces.ts'

const traces = ['automerge-paper', 'json-crdt-blog-post']
const rounds = 15
/** `process.cpuUsage` counts microseconds, but no finer than the kernel does. */
const timesEach = 10
const partBytes = 128 * 1024

console.log(
  `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown CPU'} × ${cpus().length}, ${process.platform} ${release()}\n`,
)
console.table(traces.map(measure))

function measure(name: string): Record<string, string | number> {
  const doc = new Y.Doc()
  typeInto(doc, readTrace(name))
  const state = Y.encodeStateAsUpdate(doc)
  const half = whoHasHalf(doc)
  const knowing: number[] = []
  const joining: number[] = []
  const returning: number[] = []
  const applying: number[] = []
  // By turns, so that all meet the same weather.
  for (let turn = 0; turn < rounds; turn++) {
    knowing.push(cpuMsOf(() => know(state)))
    joining.push(cpuMsOf(() => serve(know(state), new Map())))
    returning.push(cpuMsOf(() => serve(know(state), half)))
    applying.push(cpuMsOf(() => Y.applyUpdate(new Y.Doc(), state)))
  }
  const knowMs = Math.min(...knowing)
  const joinMs = Math.min(...joining)
  const returnMs = Math.min(...returning)
  const applyMs = Math.min(...applying)
  const megabytesPerSecond = (ms: number): number => round(state.length / ms / 1000)
  return {
    trace: name,
    'state KiB': Math.round(state.length / 1024),
    'scan, ledger MB/s': megabytesPerSecond(knowMs),
    'and join MB/s': megabytesPerSecond(joinMs),
    'and return MB/s': megabytesPerSecond(returnMs),
    'Y.applyUpdate MB/s': megabytesPerSecond(applyMs),
    'ratio of knowing': round(applyMs / knowMs),
    'of joining': round(applyMs / joinMs),
    'of returning': round(applyMs / returnMs),
  }
}

function know(state: Uint8Array): ScannedUpdate {
  const scanned = scan(state)
  new Ledger().add(scanned)
  return scanned
}

function serve(whole: ScannedUpdate, vector: StateVector): number {
  return missingParts([whole], vector, partBytes).length
}

function whoHasHalf(doc: Y.Doc): StateVector {
  const vector = Y.decodeStateVector(Y.encodeStateVector(doc))
  return new Map([...vector].map(([client, clock]) => [client, Math.floor(clock / 2)]))
}

function cpuMsOf(work: () => unknown): number {
  const before = process.cpuUsage()
  for (let time = 0; time < timesEach; time++) work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / timesEach
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
