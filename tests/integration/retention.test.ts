/** What nobody opens for as long as the operator says: seen beforehand, deleted by a real server, and told. */
import { expect, it } from 'vitest'
import { MemoryDevice } from '@quire/editor/session'
import { age } from '../support/aged.ts'
import { createDocument, post, readText } from '../support/documents.ts'
import { runQuire, spawnServer } from '../support/quire-process.ts'
import { beginSession, openSession, untilSaved } from '../support/session.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { untilSession } from '../support/until.ts'

const adminToken = 'Wq3hT8-vN5pLxR2m'

it('is deleted, and nothing else is; what somebody wrote in it without a connection stays theirs', async () => {
  const folder = temporaryFolder()
  const server = await spawnServer(folder, { QUIRE_RETENTION_DAYS: '90', QUIRE_ADMIN_TOKEN: adminToken })
  const old = await createDocument(server.url, { text: 'old' })
  const wanted = await createDocument(server.url, { text: 'wanted' })
  const read = await createDocument(server.url, { text: 'read' })
  const device = new MemoryDevice()
  const before = await openSession({ syncUrl: server.syncUrl, document: old, device })
  before.text.insert(0, 'very ')
  await untilSaved(before)
  await server.kill('SIGTERM')
  before.text.insert(0, 'Not so ')
  await untilSession(before, () => before.unsaved > 0 && before.unkept === 0)
  before.close()

  age(folder, { hours: 100 * 24, keptDays: 90, opened: [wanted.id] })
  const environment = { QUIRE_DATA: folder, QUIRE_RETENTION_DAYS: '90' }
  const listed = await runQuire(['list', '--unopened', '90', '--sort', 'id', '--json'], environment)
  const { documents } = JSON.parse(listed.stdout) as { documents: { id: string; unopenedDays: number }[] } // compared
  expect(documents.map(({ id, unopenedDays }) => [id, unopenedDays])).toEqual(
    [old.id, read.id].toSorted().map((id) => [id, 99]),
  )
  const doctor = await runQuire(['doctor', '--port=0'], environment)
  expect(doctor.stdout).toMatch(/ok {4}retention +2 documents/)
  age(folder, { hours: 100 * 24, keptDays: 90, opened: [wanted.id, read.id] })

  await server.restart()
  const line = await server.logged('nobody has opened it')
  expect(JSON.parse(line)).toMatchObject({ document: old.id, days: 90, bytes: expect.any(Number) })
  expect(line).not.toContain('very old')
  for (const document of [wanted, read]) expect(await readText(server.url, document)).not.toBe('')
  const there = await fetch(`${server.url}/api/admin/documents/${old.id}`, {
    headers: { authorization: `Bearer ${adminToken}` },
  })
  expect(there.status).toBe(404)
  expect((await post(`${server.url}/api/documents/${old.id}/session`, {}, old.keys.own)).status).toBe(404)

  const again = beginSession({ syncUrl: server.syncUrl, document: old, device })
  await untilSession(again, () => again.state.type === 'refused')
  // A server as young as this one may have lost it, for all it knows.
  expect(again.state).toEqual({ type: 'refused', refusal: 'missing', role: 'edit' })
  expect([again.unsaved, again.text.toString()]).toEqual([1, 'Not so very old'])
})
