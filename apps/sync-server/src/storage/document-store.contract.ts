/** What every `Store` promises. An adapter's test calls this with the way to open it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseDocumentName } from '@quire/protocol'
import {
  maxLinks,
  maxWritersPerClient,
  type DocumentOrder,
  type NewLink,
  type Store,
  type Writer,
} from './document-store.ts'

export function documentStoreContract(openStore: () => Promise<Store>): void {
  describe('every document store', () => {
    const name = parseDocumentName('notes')
    const other = parseDocumentName('team/notes 1')
    const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
    let store: Store

    beforeEach(async () => {
      store = await openStore()
    })
    afterEach(() => store.close())

    it('knows no document that nobody made', async () => {
      expect(await store.load(name)).toBeUndefined()
      expect(await store.hasLinks(name)).toBe(false)
    })

    it('gives back what was appended, in order and from position 1', async () => {
      await store.create({ name, links: [] })
      expect(await store.append(name, bytes(1))).toBe(1)
      expect(await store.append(name, bytes(2, 2))).toBe(2)
      expect(await store.load(name)).toEqual({
        base: undefined,
        tail: [
          { position: 1, update: bytes(1) },
          { position: 2, update: bytes(2, 2) },
        ],
      })
    })

    it('keeps the order of appends that were not waited for, and the documents apart', async () => {
      await store.create({ name, links: [] })
      await store.create({ name: other, links: [] })
      const many = Array.from({ length: 100 }, (_, index) => index)
      const positions = await Promise.all(
        many.map((index) => store.append(index % 2 ? name : other, bytes(index))),
      )
      expect(positions).toEqual(many.map((index) => Math.floor(index / 2) + 1))
      const tail = (await store.load(name))?.tail ?? []
      expect(tail.map(({ update }) => update[0])).toEqual(many.filter((index) => index % 2))
    })

    it('refuses to append to a document nobody made, unless asked to make it', async () => {
      await expect(store.append(name, bytes(1))).rejects.toMatchObject({ code: 'document-unknown' })
      expect(await store.load(name)).toBeUndefined()
      expect(await store.append(name, bytes(1), { create: true })).toBe(1)
      expect(await store.append(name, bytes(2), { create: true })).toBe(2)
    })

    it('makes a document once, with its first update', async () => {
      await store.create({ name, links: [], update: bytes(7) })
      await expect(store.create({ name, links: [] })).rejects.toMatchObject({ code: 'document-exists' })
      expect(await store.append(name, bytes(8))).toBe(2)
      expect((await store.load(name))?.tail.map(({ update }) => update)).toEqual([bytes(7), bytes(8)])
    })

    it('a failed request leaves the others of the same moment alone', async () => {
      await store.create({ name, links: [] })
      const results = await Promise.allSettled([
        store.append(name, bytes(1)),
        store.append(other, bytes(2)),
        store.append(name, bytes(3)),
      ])
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect((await store.load(name))?.tail).toHaveLength(2)
    })

    it('puts a base in the place of the entries it joins, and of no others', async () => {
      await store.create({ name, links: [] })
      for (const value of [1, 2, 3]) await store.append(name, bytes(value))
      await store.compact(name, { position: 2, update: bytes(12) })
      expect(await store.load(name)).toEqual({
        base: { position: 2, update: bytes(12) },
        tail: [{ position: 3, update: bytes(3) }],
      })
      await store.compact(name, { position: 3, update: bytes(123) })
      expect(await store.load(name)).toEqual({ base: { position: 3, update: bytes(123) }, tail: [] })
      expect(await store.append(name, bytes(4))).toBe(4)
    })

    it('does not put an older base in the place of a newer one', async () => {
      for (const value of [1, 2, 3]) await store.append(name, bytes(value), { create: true })
      await store.compact(name, { position: 2, update: bytes(12) })
      await store.compact(name, { position: 1, update: bytes(1) })
      expect((await store.load(name))?.base).toEqual({ position: 2, update: bytes(12) })
    })

    it('finds logs with many entries, the longest first', async () => {
      for (const entries of [3, 5, 2, 4])
        for (let entry = 0; entry < entries; entry++)
          await store.append(parseDocumentName(`with ${entries}`), bytes(1), { create: true })
      const found = (entries: number, limit = 10): Promise<readonly string[]> =>
        store.longLogs({ entries, bytes: 1000 }, limit)
      expect(await found(3)).toEqual(['with 5', 'with 4', 'with 3'])
      expect(await found(3, 2)).toEqual(['with 5', 'with 4'])
      expect(await found(6)).toEqual([])
      await store.compact(parseDocumentName('with 5'), { position: 4, update: bytes(1) })
      expect(await found(2)).toEqual(['with 4', 'with 3', 'with 2'])
    })

    it('finds logs with more bytes than asked for and than their base', async () => {
      const found = (limit: number): Promise<readonly string[]> =>
        store.longLogs({ entries: 100, bytes: limit }, 10)
      await store.create({ name, links: [], update: new Uint8Array(10) })
      await store.append(name, new Uint8Array(10))
      expect([await found(19), await found(20)]).toEqual([[name], []])
      await store.compact(name, { position: 1, update: new Uint8Array(10) })
      expect([await found(0), await found(10)]).toEqual([[], []])
      await store.append(name, new Uint8Array(1))
      expect([await found(0), await found(10), await found(11)]).toEqual([[name], [name], []])
      await store.compact(name, { position: 3, update: new Uint8Array(1) })
      expect(await found(0)).toEqual([])
    })

    it('finds a link by the hash of its key, in its own document only', async () => {
      const keyHash = bytes(...Array.from({ length: 32 }, (_, index) => index))
      await store.create({ name, links: [{ id: 'edit', role: 'edit', keyHash }] })
      await store.create({ name: other, links: [] })
      expect(await store.findLink(name, keyHash)).toMatchObject({ id: 'edit', role: 'edit', keyHash })
      expect(await store.findLink(other, keyHash)).toBeUndefined()
      expect(await store.findLink(name, keyHash.with(0, 9))).toBeUndefined()
      expect([await store.hasLinks(name), await store.hasLinks(other)]).toEqual([true, false])
    })

    it('knows of links from when they are made, however often it has said that there are none', async () => {
      const link = (number: number): NewLink => ({
        id: `link ${number}`,
        role: 'edit',
        keyHash: new Uint8Array(32).fill(number),
      })
      expect(await store.hasLinks(name)).toBe(false)
      await store.create({ name, links: [link(1)] })
      expect(await store.hasLinks(name)).toBe(true)
      await store.create({ name: other, links: [] })
      expect([await store.hasLinks(other), await store.hasLinks(other)]).toEqual([false, false])
      const asked = store.hasLinks(other)
      await Promise.all([asked, store.addLink(other, link(2))])
      expect(await store.hasLinks(other)).toBe(true)
      await store.removeLink(other, 'link 2')
      expect(await store.hasLinks(other)).toBe(false)
      await Promise.all([store.replaceLinks(other, 'all', [link(3)]), store.hasLinks(other)])
      expect(await store.hasLinks(other)).toBe(true)
    })

    it('makes links and takes them away, in their own document only', async () => {
      const keyHash = (number: number): Uint8Array => new Uint8Array(32).fill(number)
      await store.create({ name, links: [{ id: 'own', role: 'own', keyHash: keyHash(1) }] })
      await store.create({ name: other, links: [] })
      const expiresAt = 1_900_000_000
      const link = { id: 'x', role: 'edit', keyHash: keyHash(2), label: 'Anna’s', expiresAt } as const
      const made = await store.addLink(name, link)
      expect(made).toEqual({
        ...link,
        maxUses: undefined,
        isSeen: true,
        uses: 0,
        createdAt: expect.any(Number),
      })
      expect(await store.findLink(name, keyHash(2))).toEqual(made)
      expect(await store.findLinkById(name, 'x')).toEqual(made)
      expect(await store.findLinkById(other, 'x')).toBeUndefined()
      expect((await store.links(name)).map((each) => [each.id, each.label, each.expiresAt])).toEqual([
        ['own', '', undefined],
        ['x', 'Anna’s', expiresAt],
      ])
      expect(await store.links(other)).toEqual([])
      expect([await store.removeLink(other, 'x'), await store.removeLink(name, 'x')]).toEqual([false, true])
      expect([await store.findLink(name, keyHash(2)), await store.removeLink(name, 'x')]).toEqual([
        undefined,
        false,
      ])
    })

    it('makes no link twice, nor one to a document that is not there', async () => {
      const keyHash = new Uint8Array(32)
      await store.create({ name, links: [{ id: 'own', role: 'own', keyHash }] })
      await store.create({ name: other, links: [] })
      const exists = { code: 'link-exists' }
      const unknown = { code: 'document-unknown' }
      await expect(store.addLink(name, { id: 'own', role: 'view', keyHash: bytes(1) })).rejects.toMatchObject(
        exists,
      )
      await expect(store.addLink(name, { id: 'x', role: 'view', keyHash })).rejects.toMatchObject(exists)
      await expect(store.addLink(other, { id: 'x', role: 'view', keyHash })).rejects.toMatchObject(exists)
      const nowhere = parseDocumentName('nowhere')
      await expect(store.addLink(nowhere, { id: 'x', role: 'view', keyHash })).rejects.toMatchObject(unknown)
      await expect(store.links(nowhere)).rejects.toMatchObject(unknown)
      await expect(store.removeLink(nowhere, 'x')).rejects.toMatchObject(unknown)
    })

    it('changes what is asked of a link, and leaves the rest', async () => {
      const [keyHash, otherHash] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
      await store.create({
        name,
        links: [
          { id: 'x', role: 'edit', keyHash, label: 'Anna’s', expiresAt: 99 },
          { id: 'y', role: 'edit', keyHash: otherHash },
        ],
      })
      await store.create({ name: other, links: [] })
      const made = await store.findLinkById(name, 'x')
      expect(await store.changeLink(name, 'x', { role: 'view' })).toEqual({ ...made, role: 'view' })
      expect(await store.changeLink(name, 'x', { label: 'Bo’s' })).toMatchObject({
        role: 'view',
        label: 'Bo’s',
      })
      expect(await store.changeLink(name, 'x', { expiresAt: 100 })).toMatchObject({ expiresAt: 100 })
      expect(await store.changeLink(name, 'x', { isSeen: false })).toMatchObject({ isSeen: false })
      const last = { ...made, role: 'view', label: 'Bo’s', expiresAt: undefined, isSeen: false }
      expect(await store.changeLink(name, 'x', { expiresAt: null })).toEqual(last)
      expect(await store.findLink(name, keyHash)).toEqual(last)
      expect(await store.findLinkById(name, 'y')).toMatchObject({ role: 'edit', label: '', isSeen: true })
      expect(await store.changeLink(name, 'x', { isSeen: true })).toMatchObject({ isSeen: true })
      expect(await store.changeLink(other, 'x', { role: 'view' })).toBeUndefined()
      const nowhere = parseDocumentName('nowhere')
      await expect(store.changeLink(nowhere, 'x', {})).rejects.toMatchObject({ code: 'document-unknown' })
    })

    it('counts whom a link lets in, and lets in so many and no more', async () => {
      const keyHash = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
      await store.create({
        name,
        links: [
          { id: 'x', role: 'edit', keyHash: keyHash(1), maxUses: 2 },
          { id: 'y', role: 'edit', keyHash: keyHash(2) },
        ],
      })
      const use = (id: string, ...userIds: readonly string[]): Promise<boolean[]> =>
        Promise.all(userIds.map((userId) => store.useLink(name, id, userId)))
      expect(await use('x', 'ada', 'bo', 'cy', 'ada', 'bo')).toEqual([true, true, false, true, true])
      expect(await store.findLinkById(name, 'x')).toMatchObject({ maxUses: 2, uses: 2 })
      expect(await store.changeLink(name, 'x', { maxUses: 3 })).toMatchObject({ maxUses: 3, uses: 2 })
      expect(await store.changeLink(name, 'x', { label: 'more' })).toMatchObject({ maxUses: 3, uses: 2 })
      expect(await use('x', 'cy', 'dee')).toEqual([true, false])
      await store.changeLink(name, 'x', { maxUses: 1 })
      expect(await use('x', 'cy', 'dee')).toEqual([true, false])
      expect(await store.changeLink(name, 'x', { maxUses: null })).toMatchObject({ maxUses: undefined })
      expect(await use('x', 'dee')).toEqual([true])
      expect([await use('y', 'ada'), await use('z', 'ada')]).toEqual([[true], [false]])
      expect(await store.findLink(name, keyHash(2))).toMatchObject({ maxUses: undefined, uses: 0 })
      await store.replaceLinks(name, ['x'], [{ id: 'x', role: 'edit', keyHash: keyHash(3), maxUses: 1 }])
      expect(await use('x', 'dee', 'ada')).toEqual([true, false])
      await store.removeLink(name, 'x')
      const again = await store.addLink(name, { id: 'x', role: 'edit', keyHash: keyHash(1), maxUses: 1 })
      expect(again.uses).toBe(0)
      const nowhere = parseDocumentName('nowhere')
      await expect(store.useLink(nowhere, 'x', 'ada')).rejects.toMatchObject({ code: 'document-unknown' })
      await store.remove(name)
      await store.create({ name, links: [{ id: 'x', role: 'edit', keyHash: keyHash(1), maxUses: 1 }] })
      expect(await use('x', 'ada')).toEqual([true])
    })

    it('puts links in the place of others, all or none', async () => {
      const hash = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
      await store.create({
        name,
        links: [1, 2, 3].map((fill) => ({ id: String(fill), role: 'edit', keyHash: hash(fill) })),
      })
      const ids = async (): Promise<string[]> => (await store.links(name)).map(({ id }) => id)
      const taken = [
        { id: '4', role: 'view' as const, keyHash: hash(4) },
        { id: '3', role: 'view' as const, keyHash: hash(5) },
      ]
      await expect(store.replaceLinks(name, ['1', '2'], taken)).rejects.toMatchObject({ code: 'link-exists' })
      const gone = { code: 'link-unknown' }
      await expect(store.replaceLinks(name, ['1', '9'], [])).rejects.toMatchObject(gone)
      expect(await ids()).toEqual(['1', '2', '3'])
      const links = [{ id: '1', role: 'view' as const, keyHash: hash(6) }]
      expect(await store.replaceLinks(name, ['1', '2'], links)).toMatchObject(links)
      expect((await ids()).toSorted()).toEqual(['1', '3'])
      expect([await store.findLink(name, hash(1)), await store.findLink(name, hash(6))]).toMatchObject([
        undefined,
        { id: '1', role: 'view' },
      ])
      await store.replaceLinks(name, 'all', [{ id: '7', role: 'own', keyHash: hash(7) }])
      expect(await ids()).toEqual(['7'])
      const nowhere = parseDocumentName('nowhere')
      await expect(store.replaceLinks(nowhere, [], [])).rejects.toMatchObject({ code: 'document-unknown' })
    })

    it('has so many links to a document and no more', async () => {
      const link = (number: number): NewLink => ({
        id: String(number),
        role: 'view',
        keyHash: new Uint8Array(32).fill(number),
      })
      await store.create({ name, links: [] })
      const numbers = Array.from({ length: maxLinks + 5 }, (_, index) => index)
      const made = await Promise.allSettled(numbers.map((number) => store.addLink(name, link(number))))
      const refused = made.filter(({ status }) => status === 'rejected')
      expect(refused).toHaveLength(5)
      for (const refusal of refused) expect(refusal).toMatchObject({ reason: { code: 'too-many-links' } })
      await store.removeLink(name, '0')
      await store.addLink(name, link(0))
    })

    it('is changed for the sake of an owner only while that is the owner', async () => {
      const hash = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
      const [own, others] = [
        { id: 'own', role: 'own', keyHash: hash(1) },
        { id: 'x', role: 'edit', keyHash: hash(2) },
      ] as const
      await store.create({ name, links: [own, others] })
      await store.create({ name: other, links: [{ ...own, keyHash: hash(3) }] })
      const links = await store.links(name)
      const more = { id: 'y', role: 'view', keyHash: hash(4) } as const
      for (const keyHash of [hash(2), hash(3), hash(9)]) {
        const attempts = [
          store.addLink(name, more, keyHash),
          store.changeLink(name, 'x', { role: 'view' }, keyHash),
          store.removeLink(name, 'x', keyHash),
          store.replaceLinks(name, 'all', [more], keyHash),
          store.remove(name, keyHash),
        ]
        for (const attempt of await Promise.allSettled(attempts))
          expect(attempt).toMatchObject({ status: 'rejected', reason: { code: 'not-owner' } })
      }
      expect(await store.links(name)).toEqual(links)

      // All at once: whoever comes after it was replaced is too late.
      const [added, , late] = await Promise.allSettled([
        store.addLink(name, more, hash(1)),
        store.replaceLinks(name, 'all', [{ ...own, keyHash: hash(5) }], hash(1)),
        store.addLink(name, { ...more, id: 'z', keyHash: hash(6) }, hash(1)),
      ])
      expect([added.status, late.status]).toEqual(['fulfilled', 'rejected'])
      expect((await store.links(name)).map(({ id }) => id)).toEqual(['own'])
      await store.remove(name, hash(5))
      expect(await store.hasLinks(name)).toBe(false)
    })

    it('takes a document away with everything that is stored for it, and no other', async () => {
      const keyHash = new Uint8Array(32)
      const links = [{ id: 'own', role: 'own' as const, keyHash }]
      await store.create({ name, links, update: bytes(1) })
      await store.create({ name: other, links: [], update: bytes(2) })
      await store.compact(name, { position: 1, update: bytes(1) })
      const writer = { clientId: 1, userId: 'ada', name: 'Ada', part: 'wrote', clock: 0 } as const
      await store.append(name, bytes(3), { create: false, writers: [writer] })
      await store.remove(name)
      expect([await store.load(name), await store.findLink(name, keyHash)]).toEqual([undefined, undefined])
      expect(await store.longLogs({ entries: 1, bytes: 0 }, 10)).toEqual([other])
      await expect(store.append(name, bytes(4))).rejects.toMatchObject({ code: 'document-unknown' })
      await expect(store.remove(name)).rejects.toMatchObject({ code: 'document-unknown' })
      await store.create({ name, links, update: bytes(5) })
      expect(await store.load(name)).toEqual({
        base: undefined,
        tail: [{ position: 1, update: bytes(5) }],
      })
      expect(await store.writers(name)).toEqual([])
      expect((await store.load(other))?.tail).toHaveLength(1)
    })

    describe('who wrote', () => {
      const writer = (clientId: number, userId: string, more: Partial<Writer> = {}): Writer => ({
        clientId,
        userId,
        name: `called ${userId}`,
        part: 'wrote',
        clock: 0,
        ...more,
      })
      const append = (...writers: readonly Writer[]): Promise<number> =>
        store.append(name, bytes(1), { create: true, writers })
      const stored = (writers: readonly Writer[]): unknown =>
        writers.map((each) => ({ ...each, firstSeenAt: expect.any(Number) }))

      it('is kept with the entry, in its own document, as it first was', async () => {
        const ada = writer(2 ** 53 - 1, 'ada')
        const bo = writer(7, 'bo', { part: 'brought', clock: 2 ** 31 - 1, name: '' })
        const nobody = writer(7, '')
        await append(ada, bo)
        await append(nobody, writer(7, 'bo', { name: 'Bo', part: 'brought', clock: 3 }))
        await append()
        await store.append(other, bytes(1), { create: true })
        expect(await store.writers(name)).toEqual(stored([ada, bo, nobody]))
        expect(await store.writers(other)).toEqual([])
      })

      it('turns out to have written who was known to have brought, and not the other way round', async () => {
        const brought = writer(7, 'ada', { part: 'brought' })
        const wrote = writer(7, 'ada', { clock: 9 })
        const parts = async (): Promise<string[]> => (await store.writers(name)).map(({ part }) => part)
        await append(brought)
        expect(await parts()).toEqual(['brought'])
        await append(wrote)
        await append(brought)
        expect(await store.writers(name)).toEqual(stored([{ ...brought, part: 'wrote' }]))
      })

      it(`is kept for ${maxWritersPerClient} of one client id, who may still turn out to have written`, async () => {
        const users = Array.from({ length: maxWritersPerClient }, (_, index) => String(index))
        await append(...users.map((user) => writer(7, user, { part: 'brought' })))
        await append(writer(7, 'one more'), writer(8, 'one more'), writer(7, '0'))
        const kept = (await store.writers(name)).map(({ clientId, userId, part }) => [clientId, userId, part])
        expect(kept).toEqual([
          [7, '0', 'wrote'],
          ...users.slice(1).map((user) => [7, user, 'brought']),
          [8, 'one more', 'wrote'],
        ])
      })

      it('outlives the entries when they are joined', async () => {
        await append(writer(7, 'ada'))
        await store.compact(name, { position: 1, update: bytes(1) })
        expect(await store.writers(name)).toEqual(stored([writer(7, 'ada')]))
      })

      it('is not kept of what was not stored, nor known of a document that nobody made', async () => {
        const unknown = { code: 'document-unknown' }
        const refused = store.append(name, bytes(1), { create: false, writers: [writer(7, 'ada')] })
        await expect(refused).rejects.toMatchObject(unknown)
        await expect(store.writers(name)).rejects.toMatchObject(unknown)
        await store.create({ name, links: [], update: bytes(1) })
        expect(await store.writers(name)).toEqual([])
      })
    })

    it('lists what there is, a page at a time and in the order asked for', async () => {
      const third = parseDocumentName('a third')
      const link = { id: 'own', role: 'own', keyHash: bytes(1) } as const
      await store.create({ name, links: [link], update: bytes(1, 2, 3) })
      await store.create({ name: other, links: [] })
      await store.create({ name: third, links: [], update: bytes(4) })
      await store.append(third, bytes(5))
      const page = async (order: DocumentOrder, after = '', limit = 10): Promise<string[]> =>
        (await store.documents({ order, after, limit })).map((facts) => facts.name)
      expect(await page('id')).toEqual([third, name, other])
      expect(await page('size')).toEqual([name, third, other])
      expect(await page('entries')).toEqual([third, name, other])
      expect((await page('changed')).toSorted()).toEqual([third, name, other])
      expect((await page('created')).toSorted()).toEqual([third, name, other])
      expect(await page('id', third, 1)).toEqual([name])
      expect(await page('id', name)).toEqual([other])
      expect(await page('id', other)).toEqual([])
      expect(await page('size', third)).toEqual([name, other])
      expect(await store.totals()).toEqual({ documents: 3, links: 1, bytes: 5 })
    })

    it('tells what it knows of a document without reading it', async () => {
      await expect(store.facts(name)).rejects.toMatchObject({ code: 'document-unknown' })
      await store.create({ name, links: [] })
      const createdAt = expect.any(Number)
      const made = { name, createdAt, extent: { base: 0, head: 0 }, baseBytes: 0, tailBytes: 0, links: 0 }
      const opened = { openedAt: expect.any(Number), unopenedHours: 0 }
      expect(await store.facts(name)).toEqual({ ...made, ...opened, changedAt: undefined, title: undefined })
      await store.append(name, bytes(1, 2))
      await store.append(name, bytes(3))
      await store.compact(name, { position: 1, update: bytes(1, 2, 3, 4) })
      expect(await store.facts(name)).toMatchObject({
        changedAt: expect.any(Number),
        extent: { base: 1, head: 2 },
        baseBytes: 4,
        tailBytes: 1,
      })
    })

    it('knows a title until the document changes, and none that is older', async () => {
      const title = async (): Promise<string | undefined> => (await store.facts(name)).title
      await store.create({ name, links: [], update: bytes(1) })
      await store.noteTitle(name, { position: 1, text: 'Notes' })
      expect(await title()).toBe('Notes')
      expect((await store.documents({ order: 'id', after: '', limit: 1 }))[0]?.title).toBe('Notes')
      await store.append(name, bytes(2))
      expect(await title()).toBeUndefined()
      await store.noteTitle(name, { position: 2, text: '' })
      await store.noteTitle(name, { position: 1, text: 'Notes' })
      expect(await title()).toBe('')
      await store.noteTitle(other, { position: 1, text: 'nobody’s' })
      await store.remove(name)
      await store.create({ name, links: [] })
      expect(await title()).toBeUndefined()
    })

    describe('what nobody opens', () => {
      const removed = (hours: number): Promise<boolean> => store.removeUnopened(name, hours)
      const pass = async (hours: number): Promise<void> => {
        for (let hour = 0; hour < hours; hour++) await store.passHour()
      }

      it('is taken away after so many hours, and nothing else is', async () => {
        const link = { id: 'own', role: 'own', keyHash: bytes(1) } as const
        await store.create({ name, links: [link], update: bytes(1, 2) })
        await pass(2)
        await store.create({ name: other, links: [], update: bytes(1) })
        await pass(3)
        expect([await store.unopened(6), await store.unopened(5), await store.unopened(3)]).toEqual([
          { documents: 0, bytes: 0 },
          { documents: 1, bytes: 2 },
          { documents: 2, bytes: 3 },
        ])
        const page = { order: 'opened', after: '', limit: 10 } as const
        expect(await store.documents({ ...page, unopenedHours: 5 })).toMatchObject([
          { name, unopenedHours: 5, openedAt: expect.any(Number) },
        ])
        expect(await store.documents({ ...page, unopenedHours: 6 })).toEqual([])
        expect(await store.documents(page)).toHaveLength(2)
        expect([await removed(6), await removed(5), await removed(5)]).toEqual([false, true, false])
        expect([await store.load(name), await store.findLink(name, link.keyHash)]).toEqual([
          undefined,
          undefined,
        ])
        expect((await store.load(other))?.tail).toHaveLength(1)
      })

      it('is opened by whoever comes before that, even in the same moment', async () => {
        await store.append(name, bytes(1), { create: true })
        await pass(5)
        const [, isRemoved] = await Promise.all([store.noteOpened(name), removed(1)])
        expect(isRemoved).toBe(false)
        expect(await store.facts(name)).toMatchObject({ unopenedHours: 0 })
        await pass(1)
        expect(await removed(1)).toBe(true)
        await store.noteOpened(name)
        expect(await store.load(name)).toBeUndefined()
      })

      it('is as new as any once it is made again', async () => {
        await store.create({ name, links: [] })
        await pass(5)
        await store.remove(name)
        await store.create({ name, links: [] })
        expect(await removed(1)).toBe(false)
      })

      it('says for how long servers have run that keep documents for so long', async () => {
        expect(await store.keepFor(undefined)).toBe(0)
        await pass(3)
        expect([await store.keepFor(undefined), await store.keepFor(90)]).toEqual([3, 0])
        await pass(2)
        expect([await store.keepFor(90), await store.keepFor(9), await store.keepFor(undefined)]).toEqual([
          2, 0, 0,
        ])
      })
    })

    it('knows how much all of it takes, and that it is less when something was taken away', async () => {
      const empty = store.usedBytes
      await store.create({ name, links: [], update: new Uint8Array(100_000) })
      expect(store.usedBytes - empty).toBeGreaterThan(90_000)
      await store.compact(name, { position: 1, update: new Uint8Array(50_000) })
      expect(store.usedBytes - empty).toBeLessThan(60_000)
      await store.remove(name)
      expect(store.usedBytes - empty).toBeLessThan(10_000)
    })

    it('finds documents by a part of their id or of the title that was last noted', async () => {
      const found = async (find: string): Promise<string[]> =>
        (await store.documents({ order: 'id', after: '', limit: 10, find })).map((facts) => facts.name)
      await store.create({ name, links: [], update: bytes(1) })
      await store.create({ name: other, links: [], update: bytes(1) })
      await store.noteTitle(name, { position: 1, text: 'Über 100 % & “so_on”' })
      await store.append(name, bytes(2))
      expect(await found('')).toEqual([name, other].toSorted())
      for (const find of ['ÜBER', '100 %', 'so_on', '“']) expect(await found(find)).toEqual([name])
      expect(await found(other.toUpperCase())).toEqual([other])
      for (const find of ['%', '_', "' OR 1 --"])
        expect(await found(find)).toEqual(find.startsWith("'") ? [] : [name])
    })

    it('lists documents from any place in their order', async () => {
      await store.create({ name, links: [], update: bytes(1) })
      await store.create({ name: other, links: [], update: bytes(1, 2) })
      const page = { order: 'size', after: '', limit: 10 } as const
      const from = async (skip: number): Promise<string[]> =>
        (await store.documents({ ...page, skip })).map((facts) => facts.name)
      expect([await from(0), await from(1), await from(2)]).toEqual([[other, name], [name], []])
    })

    it('sets a document aside without changing it, and one that nobody made not at all', async () => {
      await store.create({ name, links: [], update: bytes(1) })
      expect(await store.setAside(name, 'because')).not.toBe('')
      expect((await store.load(name))?.tail).toHaveLength(1)
      await expect(store.setAside(other, 'because')).rejects.toMatchObject({ code: 'document-unknown' })
    })

    it('can be written to', () => store.check())

    it('keeps its bytes when the caller reuses theirs', async () => {
      const update = bytes(1, 2, 3)
      await store.append(name, update, { create: true })
      update.fill(9)
      expect((await store.load(name))?.tail[0]?.update).toEqual(bytes(1, 2, 3))
    })

    it('closes twice without complaint', async () => {
      await store.close()
      await store.close()
    })
  })
}
