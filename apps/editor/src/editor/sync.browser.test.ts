import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import * as fc from 'fast-check'
import { ySyncFacet, YSyncConfig, ySync as theirSync } from 'y-codemirror.next'
import * as Y from 'yjs'
import { afterEach, describe, expect, test } from 'vitest'
import { objectCharacter, readText } from './shared-text.ts'
import { ySync } from './sync.ts'
import type { Desk } from './testing/desk.ts'
import { clearDesks, desk, send, settle, turn } from './testing/desk.ts'

const seed = 20_261
const bound = (initial = '', clientId?: number): Desk =>
  desk(({ text }) => ySync(text), { initial, ...(clientId === undefined ? {} : { clientId }) })

function expectAgreement(...desks: readonly Desk[]): void {
  for (const { shown, said } of desks) expect(JSON.stringify(shown())).toBe(JSON.stringify(said()))
  for (const { said } of desks) expect(JSON.stringify(said())).toBe(JSON.stringify(desks[0]?.said()))
}

afterEach(clearDesks)

type Action =
  | { readonly type: 'insert' | 'replace' | 'insertRemotely'; readonly at: number; readonly text: string }
  | {
      readonly type: 'delete' | 'deleteRemotely' | 'format' | 'embed' | 'nest' | 'foreign'
      readonly at: number
    }
  | { readonly type: 'send'; readonly at: number }

const piece = fc.constantFrom(
  'a',
  'bc',
  '\n',
  '\r',
  '\r\n',
  '\n\n',
  '😀',
  'e\u0301',
  '👩‍👩‍👧',
  '\u2028',
  '\ufeff',
  '\0',
  '\ud83d',
  '\ude00',
  '\ufffc',
  '\ufffd',
  '\t',
  'שלום',
)
const place = fc.nat({ max: 40 })
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constantFrom('insert' as const, 'replace' as const, 'insertRemotely' as const),
      at: place,
      text: fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join('')),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constantFrom(...(['delete', 'deleteRemotely', 'format', 'embed', 'nest', 'foreign'] as const)),
      at: place,
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('send' as const), at: place }) },
)

/** Yjs cuts a pair without a word when a formatting that changes nothing begins inside it: nobody can follow that. */
function aroundPairs(text: string, from: number, to: number): [index: number, length: number] {
  const isCut = (at: number): boolean => !text.slice(0, at).isWellFormed()
  const start = isCut(from) ? from - 1 : from
  return [start, (isCut(to) ? to + 1 : to) - start]
}

/** In the editor at one desk, or by another program on the same document. */
function perform(desks: readonly Desk[], who: number, doing: Action): void {
  const one = desks[who % desks.length]
  if (!one) return
  const { doc, text, view } = one
  const at = Math.min(doing.at, text.length)
  const end = Math.min(at + 2, text.length)
  switch (doing.type) {
    case 'insert':
      return view.dispatch({ changes: { from: at, insert: doing.text } })
    case 'replace':
      return view.dispatch({ changes: { from: at, to: end, insert: doing.text } })
    case 'delete':
      return view.dispatch({ changes: { from: at, to: end } })
    case 'insertRemotely':
      return doc.transact(() => text.insert(at, doing.text.toWellFormed()), 'program')
    case 'deleteRemotely':
      return doc.transact(() => text.delete(at, end - at), 'program')
    case 'format':
      return text.format(...aroundPairs(one.said(), at, end), { bold: doing.at % 2 === 0 ? true : null })
    case 'embed':
      return text.insertEmbed(at, { image: 'x' })
    case 'nest':
      return text.insertEmbed(at, new Y.Map())
    case 'foreign': {
      const list: unknown = text
      // What a program that takes the root for a list would do; both are one list of items.
      return Y.Array.prototype.insert.call(list as Y.Array<unknown>, at, [1, { two: 2 }])
    }
    case 'send': {
      const other = desks[(who + 1 + (doing.at % (desks.length - 1))) % desks.length]
      return other && other !== one ? send(one, other) : undefined
    }
  }
}

/** An editor, and a program elsewhere that edits the same text meanwhile. */
interface World {
  readonly here: Desk
  readonly elsewhere: Y.Doc
}

interface Step {
  readonly type: 'edit' | 'editElsewhere' | 'embedElsewhere' | 'nestElsewhere' | 'send' | 'receive'
  readonly at: number
  readonly deleted: number
  readonly text: string
}

function world(furnish: Parameters<typeof desk>[0]): World {
  const elsewhere = new Y.Doc()
  elsewhere.clientID = 2
  return { here: desk(furnish, { clientId: 1 }), elsewhere }
}

/** y-codemirror.next hands what is not text to CodeMirror as if it were, which then never comes back. */
function bringsObject({ elsewhere }: World, { type }: Step): boolean {
  return type === 'receive' && readText(elsewhere.getText('content')).includes(objectCharacter)
}

/** Takes the step; tells whether the text then says what it should, and the editor the same. */
function isDoneRight({ here, elsewhere }: World, { type, at, deleted, text: typed }: Step): boolean {
  const before = here.said()
  const there = elsewhere.getText('content')
  let wanted: string | undefined
  try {
    switch (type) {
      case 'edit': {
        const from = Math.min(at, before.length)
        const to = Math.min(from + deleted, before.length)
        // On the wire, half a pair is U+FFFD.
        wanted = (before.slice(0, from) + typed + before.slice(to)).toWellFormed()
        here.view.dispatch({ changes: { from, to, insert: typed } })
        break
      }
      case 'editElsewhere': {
        const from = Math.min(at, there.length)
        there.delete(from, Math.min(deleted, there.length - from))
        there.insert(from, typed.toWellFormed())
        break
      }
      case 'embedElsewhere':
        there.insertEmbed(Math.min(at, there.length), { image: 'x' })
        break
      case 'nestElsewhere':
        there.insertEmbed(Math.min(at, there.length), new Y.Map())
        break
      case 'send':
        Y.applyUpdate(elsewhere, Y.encodeStateAsUpdate(here.doc, Y.encodeStateVector(elsewhere)), 'network')
        break
      case 'receive':
        Y.applyUpdate(here.doc, Y.encodeStateAsUpdate(elsewhere, Y.encodeStateVector(here.doc)), 'network')
        wanted = readText(here.text)
        break
    }
  } catch {
    return false
  }
  return here.said() === (wanted ?? before) && here.shown() === here.said() && here.said().isWellFormed()
}

describe('an editor and its text', () => {
  test('agree after every edit, whoever makes it and whatever it holds', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 2 }), action), { maxLength: 40 }), (actions) => {
        const desks = [bound('', 1), bound('', 2), bound('', 3)]
        try {
          for (const [who, doing] of actions) {
            perform(desks, who, doing)
            for (const { shown, said } of desks) expect(JSON.stringify(shown())).toBe(JSON.stringify(said()))
          }
          settle(...desks)
          expectAgreement(...desks)
          for (const { said } of desks) expect(said().isWellFormed()).toBe(true)
        } finally {
          clearDesks()
        }
      }),
      { seed, numRuns: 300 },
    )
  })

  test('do with plain text what y-codemirror.next does', () => {
    const plain = fc.record({
      local: fc.boolean(),
      at: place,
      deleted: fc.nat({ max: 3 }),
      text: fc
        .array(fc.constantFrom('a', 'bc', '\n', 'ü', 'שלום'), { maxLength: 3 })
        .map((all) => all.join('')),
    })
    fc.assert(
      fc.property(fc.array(plain, { maxLength: 30 }), (edits) => {
        const ours = bound('', 1)
        const theirs = desk(
          ({ text, awareness }) => [ySyncFacet.of(new YSyncConfig(text, awareness)), theirSync],
          { clientId: 1 },
        )
        try {
          for (const { local, at, deleted, text: inserted } of edits) {
            for (const { doc, text, view } of [ours, theirs]) {
              const from = Math.min(at, text.length)
              const to = Math.min(from + deleted, text.length)
              if (local) view.dispatch({ changes: { from, to, insert: inserted } })
              else
                doc.transact(() => {
                  text.delete(from, to - from)
                  text.insert(from, inserted)
                }, 'program')
            }
            expect(ours.shown()).toBe(theirs.shown())
            expect(ours.said()).toBe(theirs.said())
          }
          expect(Y.encodeStateAsUpdate(ours.doc)).toEqual(Y.encodeStateAsUpdate(theirs.doc))
        } finally {
          clearDesks()
        }
      }),
      { seed, numRuns: 200 },
    )
  })

  test('do with anything what y-codemirror.next does where it is right, and are right where it is not', () => {
    const difficult = fc.record({
      type: fc.constantFrom(
        'edit' as const,
        'edit' as const,
        'editElsewhere' as const,
        'embedElsewhere' as const,
        'nestElsewhere' as const,
        'send' as const,
        'receive' as const,
      ),
      at: place,
      deleted: fc.nat({ max: 3 }),
      text: fc.array(piece, { maxLength: 3 }).map((pieces) => pieces.join('')),
    })
    const outcomes = { agreed: 0, strayed: 0 }
    fc.assert(
      fc.property(fc.array(difficult, { maxLength: 25 }), (steps) => {
        const ours = world(({ text }) => ySync(text))
        const theirs = world(({ text, awareness }) => [
          ySyncFacet.of(new YSyncConfig(text, awareness)),
          theirSync,
        ])
        let hasStrayed = false
        try {
          for (const step of steps) {
            expect(isDoneRight(ours, step)).toBe(true)
            hasStrayed ||= bringsObject(theirs, step) || !isDoneRight(theirs, step)
            if (!hasStrayed) expect(theirs.here.said()).toBe(ours.here.said())
          }
          if (!hasStrayed)
            expect(Y.encodeStateAsUpdate(ours.here.doc)).toEqual(Y.encodeStateAsUpdate(theirs.here.doc))
          outcomes[hasStrayed ? 'strayed' : 'agreed']++
        } finally {
          clearDesks()
        }
      }),
      { seed, numRuns: 120 },
    )
    // Otherwise one half of the claim was not tried.
    expect(outcomes.agreed).toBeGreaterThan(30)
    expect(outcomes.strayed).toBeGreaterThan(30)
  })

  test('agree after changes in many places at once, whatever the text holds', () => {
    const change = fc.record({
      kept: fc.integer({ min: 1, max: 4 }),
      deleted: fc.nat({ max: 2 }),
      text: fc.array(piece, { maxLength: 2 }).map((pieces) => pieces.join('')),
    })
    const actions = fc.array(fc.tuple(fc.nat({ max: 1 }), action), { maxLength: 12 })
    const many = fc.array(change, { minLength: 100, maxLength: 130 })
    fc.assert(
      fc.property(actions, many, actions, (first, changes, then) => {
        const desks = [bound('', 1), bound('', 2)] as const
        const [one] = desks
        try {
          one.type(0, 'One of many lines. 😀\n'.repeat(20))
          settle(...desks)
          for (const [who, doing] of first) perform(desks, who, doing)
          let at = 0
          const specs: { from: number; to: number; insert: string }[] = []
          for (const { kept, deleted, text: insert } of changes) {
            const from = Math.min(at + kept, one.text.length)
            at = Math.min(from + deleted, one.text.length)
            specs.push({ from, to: at, insert })
          }
          one.view.dispatch({ changes: specs })
          expectAgreement(one)
          for (const [who, doing] of then) perform(desks, who, doing)
          settle(...desks)
          expectAgreement(...desks)
        } finally {
          clearDesks()
        }
      }),
      { seed, numRuns: 100 },
    )
  })

  test('do with plain text what y-codemirror.next does, in many places at once', () => {
    const theirs = desk(
      ({ text, awareness }) => [ySyncFacet.of(new YSyncConfig(text, awareness)), theirSync],
      { clientId: 1 },
    )
    const ours = bound('', 1)
    for (const { view, doc } of [ours, theirs]) {
      view.dispatch({ changes: { from: 0, insert: 'a,b\n'.repeat(300) } })
      for (const insert of [';', '', ' and\n']) {
        const matches = [...view.state.doc.toString().matchAll(/[,;\n]/g)]
        view.dispatch({ changes: matches.map(({ index }) => ({ from: index, to: index + 1, insert })) })
      }
      expect(doc.getText('content').toString()).toBe(view.state.doc.toString())
    }
    expect(ours.shown()).toBe(theirs.shown())
    expect(Y.encodeStateAsUpdate(ours.doc)).toEqual(Y.encodeStateAsUpdate(theirs.doc))
  })

  test('open any characters unchanged', () => {
    for (const content of [
      'a\r\nb\rc\n\n',
      '\ufeffbom',
      'a\u2028b\u2029c',
      '\0nul',
      '',
      '\r',
      'x\u0085y',
      '👩‍👩‍👧\r\n😀',
    ]) {
      const { shown, said, type } = bound(content)
      expect(shown()).toBe(content)
      type(content.length, '!')
      expect(said()).toBe(`${content}!`)
    }
  })

  test('count an embed, a nested type and each foreign value as one character', () => {
    const { text, shown, type, said } = bound('ab')
    text.insertEmbed(1, { image: 'x' })
    text.insertEmbed(2, new Y.Text('inner'))
    expect(shown()).toBe('a\ufffc\ufffcb')
    type(4, '!')
    expect(said()).toBe('a\ufffc\ufffcb!')
  })

  test('lose an embed when its character is deleted, and nothing else', () => {
    const { text, type, said } = bound('ab')
    text.insertEmbed(1, { image: 'x' })
    type(1, 'X', 1)
    expect(said()).toBe('aXb')
    expect(text.toDelta()).toEqual([{ insert: 'aXb' }])
  })

  test('ignore formatting', () => {
    const { text, shown, type } = bound('bold and plain')
    text.format(0, 4, { bold: true })
    expect(shown()).toBe('bold and plain')
    type(4, 'er')
    type(2, 'X')
    expect(text.toDelta()).toEqual([
      { insert: 'bo', attributes: { bold: true } },
      { insert: 'X' },
      { insert: 'ld', attributes: { bold: true } },
      { insert: 'er and plain' },
    ])
  })
})

describe('half a surrogate pair', () => {
  test('becomes U+FFFD at once when it is typed, as it would on the wire', () => {
    const [one, other] = [bound(), bound()]
    one.type(0, 'a\ud83d')
    one.type(2, '\ude00b')
    expect(one.shown()).toBe('a\ufffd\ufffdb')
    send(one, other)
    expectAgreement(one, other)
  })

  test('is not left behind by an edit in the middle of a pair', () => {
    const [one, other] = [bound('😀😁'), bound()]
    send(one, other)
    one.type(1, '', 2)
    expect(one.shown()).toBe('\ufffd\ufffd')
    send(one, other)
    expectAgreement(one, other)
  })

  test('is seen when someone else cuts a pair, even with formatting', () => {
    const { text, shown } = bound('a😀b')
    text.format(0, 2, { bold: true })
    expect(shown()).toBe('a\ufffd\ufffdb')
  })
})

describe('the binding', () => {
  test('shows a text that its state did not begin with', async () => {
    const { text } = bound('what is true')
    const view = new EditorView({ state: EditorState.create({ doc: 'stale', extensions: ySync(text) }) })
    await turn()
    expect(view.state.doc.toString()).toBe('what is true')
    view.destroy()
  })

  test('forwards what is typed before it could show the text', async () => {
    const { text } = bound('one two')
    const view = new EditorView({ state: EditorState.create({ doc: 'one', extensions: ySync(text) }) })
    view.dispatch({ changes: { from: 0, insert: '> ' } })
    expect(readText(text)).toBe('> one two')
    await turn()
    expect(view.state.doc.toString()).toBe('> one two')
    view.destroy()
  })

  test('writes one transaction with the view as its origin', () => {
    const { doc, view } = bound('abc')
    const origins: unknown[] = []
    doc.on('afterTransaction', ({ origin }) => origins.push(origin))
    view.dispatch({
      changes: [
        { from: 0, insert: 'x' },
        { from: 2, to: 3 },
      ],
    })
    expect(origins).toEqual([view])
  })

  test('forwards the local part, and only that, of an update that holds both', () => {
    const text = new Y.Doc().getText('content')
    text.insert(0, 'hello world')
    const state = EditorState.create({ doc: 'hello world', extensions: ySync(text) })
    const view = new EditorView({
      state,
      // As an application may: what arrives is held, and applied together with what is typed next.
      dispatchTransactions(arrived, to) {
        const last = arrived.at(-1)
        if (!last) return
        const typed = last.state.update({ changes: { from: 11, insert: ' again' } })
        const more = typed.state.update({ changes: { from: 0, to: 1, insert: 'H' } })
        to.update(last.docChanged ? [...arrived, typed, more] : arrived)
      },
    })
    text.insert(5, ' big')
    expect(readText(text)).toBe('Hello big w againorld')
    expect(view.state.doc.toString()).toBe(readText(text))
    view.destroy()
  })

  test('lets remote edits through every filter', () => {
    const { text, shown } = desk(({ text: shared }) => [
      ySync(shared),
      EditorState.changeFilter.of(() => false),
    ])
    text.insert(0, 'arrived')
    expect(shown()).toBe('arrived')
  })

  test('follows a program that answers an edit from within it', async () => {
    const { text, type, shown, said } = bound()
    text.observe((_event, { origin }) => {
      if (origin !== 'answer') text.doc?.transact(() => text.insert(0, '!'), 'answer')
    })
    type(0, 'a')
    await turn()
    expect(said()).toBe('!a')
    expect(shown()).toBe('!a')
  })

  test('keeps two views of one text together', () => {
    const { text, type, shown } = bound('ab')
    const second = new EditorView({ state: EditorState.create({ doc: 'ab', extensions: ySync(text) }) })
    type(1, 'X')
    expect(second.state.doc.toString()).toBe('aXb')
    second.dispatch({ changes: { from: 3, insert: 'Y' } })
    expect(shown()).toBe('aXbY')
    second.destroy()
    type(0, 'Z')
    expect(second.state.doc.toString()).toBe('aXbY')
  })
})
