/** The other tabs of this browser that have the same document open: they tell each other what they have written. */
import { isRole } from '@quire/protocol'
import type { Changes, Edit, Rename } from '../session/local-store.ts'
import { isUpdate } from './is-update.ts'

export class OtherTabs {
  readonly #channel: BroadcastChannel
  readonly #listeners = new Set<(changes: Changes) => void>()

  constructor(name: string) {
    this.#channel = new BroadcastChannel(name)
    this.#channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (isChanges(data)) for (const listener of this.#listeners) listener(data)
    })
  }

  tell(changes: Changes): void {
    this.#channel.postMessage(changes)
  }

  subscribe(listener: (changes: Changes) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    this.#channel.close()
  }
}

/** Another tab may show another version of the page. */
export function isChanges(heard: unknown): heard is Changes {
  if (!isRecord(heard)) return false
  const { saved, unsaved, renamed, settled, dropped, rewritten, role } = heard
  return (
    isListOf(saved, isUpdate) &&
    isListOf(unsaved, isEdit) &&
    (renamed === undefined ||
      (isRecord(renamed) && isListOf(renamed['renames'], isRename) && isListOf(renamed['edits'], isEdit))) &&
    isListOf(settled, isString) &&
    isListOf(dropped, isString) &&
    (rewritten === undefined ||
      (isRecord(rewritten) && isListOf(rewritten['from'], isString) && isListOf(rewritten['to'], isEdit))) &&
    (role === undefined || (isRecord(role) && isString(role['entrance']) && isRoleOrNone(role['role'])))
  )
}

export function isEdit(value: unknown): value is Edit {
  return isRecord(value) && isString(value['id']) && isUpdate(value['update']) && areIdsOrNone(value['ours'])
}

export function isRename(value: unknown): value is Rename {
  return isRecord(value) && [value['client'], value['clock'], value['to']].every(isCount)
}

function areIdsOrNone(value: unknown): boolean {
  if (value === undefined) return true
  if (!(value instanceof Map)) return false
  const ranges: readonly (readonly [unknown, unknown])[] = [...value]
  return ranges.every(
    ([client, range]) =>
      isCount(client) && isRecord(range) && isCount(range['clock']) && isCount(range['end']),
  )
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function isRoleOrNone(value: unknown): boolean {
  return value === undefined || isRole(value)
}

function isListOf(value: unknown, isElement: (element: unknown) => boolean): boolean {
  return value === undefined || (Array.isArray(value) && value.every(isElement))
}

function isString(value: unknown): value is string {
  return typeof value === 'string'
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
