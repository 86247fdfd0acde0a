/**
 * One execution: the gate's verdict on some bytes, beside what Yjs does with them. Dangerous is whatever the gate lets
 * in and Yjs throws at, waits with, or makes something else of, now, when the document is written anew, or when someone
 * joins; and whatever it calls known that changes a document.
 */
import { admit, assertNever, Ledger, limits, scan, type Admission, type ScannedUpdate } from '@quire/protocol'
import * as Y from 'yjs'
import { encodedVector, type Scene } from './scenes.ts'
import {
  areDeleted,
  deletionsOf,
  documentOf,
  isSameVector,
  isSettled,
  newDocument,
  pictureOf,
  structsOf,
  vectorOf,
} from './yjs.ts'

export interface Examined {
  readonly admission: Admission
  /** The verdict, and what Yjs makes of the bytes as they came, to be counted. */
  readonly outcome: string
  /** What must not be. */
  readonly disagreements: readonly string[]
}

export interface Examination {
  readonly scene: Scene
  readonly update: Uint8Array
  /** Somebody's program wrote it as it is: the verdict must be Yjs's. */
  readonly isHonest: boolean
}

export function examine(examination: Examination): Examined {
  const { scene, update, isHonest } = examination
  const admission = admit(update, scene.ledger)
  const theirs = admission.type === 'refused' && !canBeDecoded(update) ? unreadable : yjsOn(scene, update)
  const disagreements = disagreementsOn(admission, theirs, examination)
  if (isHonest && !isFair(admission, theirs))
    disagreements.push(`honest, but ${admission.type}: Yjs ${theirs.type}`)
  return { admission, outcome: `${verdictOf(admission, update)}: Yjs ${theirs.type}`, disagreements }
}

function verdictOf(admission: Admission, update: Uint8Array): string {
  if (admission.type === 'refused') return `refused, ${admission.reason}`
  const isPart = admission.type === 'admitted' && admission.update.bytes !== update
  return isPart ? 'admitted in part' : admission.type
}

type Theirs =
  | { readonly type: 'throws'; readonly error: unknown }
  | { readonly type: 'waits' | 'nothing' | 'changes'; readonly doc: Y.Doc }

const unreadable: Theirs = { type: 'throws', error: undefined }

/** Asked before Yjs is let loose on something that was refused, since it would set aside memory for all that is claimed. */
function canBeDecoded(update: Uint8Array): boolean {
  try {
    Y.decodeUpdate(update)
    return true
  } catch {
    return false
  }
}

function yjsOn(scene: Scene, update: Uint8Array): Theirs {
  const doc = listeningDocument()
  Y.applyUpdate(doc, scene.state)
  try {
    Y.applyUpdate(doc, update)
  } catch (error) {
    return { type: 'throws', error }
  }
  if (!isSettled(doc)) return { type: 'waits', doc }
  const isSame = isSameVector(vectorOf(doc), scene.vector) && pictureOf(doc) === scene.picture
  return { type: isSame ? 'nothing' : 'changes', doc }
}

/** Deletions may be new to a ledger and done in the document: Yjs deletes the loser of two values by itself. */
function isFair({ type }: Admission, theirs: Theirs): boolean {
  switch (type) {
    case 'admitted':
      return theirs.type === 'changes' || theirs.type === 'nothing'
    case 'known':
      return theirs.type === 'nothing'
    case 'gap':
      return theirs.type === 'waits'
    case 'refused':
      return false
    default:
      return assertNever(type)
  }
}

function disagreementsOn(admission: Admission, theirs: Theirs, examination: Examination): string[] {
  const { scene, update } = examination
  switch (admission.type) {
    case 'admitted': {
      const isWhole = admission.update.bytes === update
      const onAdmitted = isWhole ? theirs : yjsOn(scene, admission.update.bytes)
      return afterAdmission(examination, admission.update, onAdmitted).concat(
        isWhole ? [] : besideTheWhole(examination, admission.update, theirs, onAdmitted),
      )
    }
    case 'known':
      return theirs.type === 'changes' ? ['known, but Yjs changes'] : []
    case 'gap': {
      const found =
        theirs.type === 'changes' || theirs.type === 'nothing' ? ['a gap, but Yjs has a place for all'] : []
      const isKnown = Array.from(admission.missing).some(([client, clock]) =>
        scene.ledger.isKnown({ client, clock }),
      )
      return isKnown ? [...found, 'a gap that is known'] : found
    }
    case 'refused':
      return wasReadAndFailed(admission.reason, update) ? ['read whole, and then refused'] : []
    default:
      return assertNever(admission)
  }
}

/** Once an update is read, only what it builds on can be wrong with it. */
function wasReadAndFailed(reason: string, update: Uint8Array): boolean {
  if (/builds? on|under one key/.test(reason)) return false
  try {
    scan(update, limits)
    return true
  } catch {
    return false
  }
}

function afterAdmission(
  { scene, update, isHonest }: Examination,
  { bytes }: ScannedUpdate,
  theirs: Theirs,
): string[] {
  if (theirs.type === 'throws') return [`admitted, and Yjs throws ${String(theirs.error)}`]
  if (theirs.type === 'waits') return ['admitted, and Yjs waits']
  const { doc } = theirs
  const ledger = Ledger.of([scene.state, bytes])
  const found: string[] = []
  if (!isSameVector(vectorOf(doc), ledger.stateVector)) found.push('another state vector than the ledger')
  for (const { client, clock, length } of deletionsOf(bytes)) {
    if (length > 0 && !ledger.isDeleted(client, clock, length)) found.push('a deletion is not in the ledger')
    if (!areDeleted(doc, client, clock, length)) found.push('a deletion is not in the document')
  }
  for (const again of new Set([update, bytes]))
    if (admit(again, ledger).type !== 'known') found.push('not known afterwards')
  return [...found, ...afterWritingAnew(doc, ledger, isHonest)]
}

/** Only a part was admitted, since the rest was known. */
function besideTheWhole(
  { scene, update, isHonest }: Examination,
  part: ScannedUpdate,
  theirs: Theirs,
  onPart: Theirs,
): string[] {
  if (!isCutAsYjsCuts(scene, update, part)) return ['cut otherwise than Yjs cuts']
  const areComparable = isHonest && theirs.type === 'changes' && onPart.type === 'changes'
  return areComparable && pictureOf(theirs.doc) !== pictureOf(onPart.doc)
    ? ['honest, and looks otherwise']
    : []
}

function isCutAsYjsCuts({ vector }: Scene, update: Uint8Array, { bytes }: ScannedUpdate): boolean {
  const theirs = structsOf(Y.diffUpdate(update, encodedVector(vector)))
  const ours = structsOf(bytes)
  return ours.length === theirs.length && ours.every((struct, index) => struct === theirs[index])
}

/** What a server keeps after it collected garbage must be such that it can read it, and say the same. */
function afterWritingAnew(doc: Y.Doc, ledger: Ledger, isHonest: boolean): string[] {
  let written: Uint8Array
  try {
    written = Y.encodeStateAsUpdate(doc)
  } catch (error) {
    return [`admitted, then Yjs cannot write the document: ${String(error)}`]
  }
  const anew = new Ledger()
  try {
    anew.add(scan(written))
  } catch (error) {
    return [`admitted, then the document cannot be scanned: ${String(error)}`]
  }
  if (!isSameVector(anew.stateVector, ledger.stateVector)) return ['written anew with another state vector']
  const again = documentOf([written])
  if (!isSettled(again)) return ['written anew it waits']
  return isHonest && pictureOf(again) !== pictureOf(doc)
    ? ['honest, but written anew it looks otherwise']
    : []
}

/** As an editor has it: types that are named, and somebody who looks at every event. */
function listeningDocument(): Y.Doc {
  const doc = newDocument()
  const types = [doc.getText('content'), doc.getMap('map'), doc.getArray('list'), doc.getXmlFragment('xml')]
  for (const type of types)
    type.observeDeep((events) => {
      for (const event of events) void [event.path, event.changes, event.keys, event.delta]
    })
  doc.on('update', () => {})
  return doc
}
