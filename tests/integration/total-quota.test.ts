/** A server that may keep a megabyte of documents, and has one: nothing is lost, and it goes on by itself once there is room. */
import { expect, it } from 'vitest'
import { createDocument, post, readText } from '../support/documents.ts'
import { runQuire, spawnServer } from '../support/quire-process.ts'
import { openSession, untilSaved } from '../support/session.ts'
import { openStockClient } from '../support/stock-client.ts'
import { codeOf } from '../support/links.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { untilSession, untilText } from '../support/until.ts'

const metricsToken = 'what-prometheus-shows'

it('507 when full: reading, deleting and taking text out go on, and what was typed goes in later', async () => {
  const folder = temporaryFolder()
  const server = await spawnServer(folder, { QUIRE_MAX_TOTAL_MB: '1', QUIRE_METRICS_TOKEN: metricsToken })
  const used = async (): Promise<string> => {
    const ready = await fetch(`${server.url}/readyz`)
    expect(ready.status).toBe(200)
    return ready.text()
  }
  const large = await createDocument(server.url, { text: 'x'.repeat(800_000) })
  const document = await createDocument(server.url)
  const open = { syncUrl: server.syncUrl, document }
  const [anna, bo] = [await openSession(open), await openSession({ ...open, name: 'Bo' })]
  anna.text.insert(0, 'saved')
  await untilSaved(anna)
  expect(await used()).toMatch(/^ready\n\d+ of 1048576 bytes used\n$/)

  anna.text.insert(5, 'y'.repeat(600_000))
  await untilSession(anna, () => anna.trouble === 'storage-full')
  expect(anna.unsaved).toBeGreaterThan(0)
  const refused = await post(`${server.url}/api/documents`, { text: 'z'.repeat(600_000) })
  expect(await codeOf(refused)).toEqual([507, 'storage-full'])
  const stock = openStockClient({
    serverUrl: server.syncUrl,
    room: document.id,
    token: document.keys.view,
  })
  await stock.synced
  expect([stock.text.toJSON(), await readText(server.url, document)]).toEqual(['saved', 'saved'])
  bo.text.delete(0, 2)
  await untilSaved(bo)
  await untilText(stock.text, 'ved')

  const stats = await runQuire(['stats', '--data', folder])
  expect(stats.stdout).toMatch(/used +[\d.]+ KiB of 1\.0 MiB/)
  const doctor = await runQuire(['doctor', '--data', folder, '--port=0'])
  expect(doctor.stdout).toMatch(/total +[\d.]+ KiB of 1\.0 MiB used/)
  const metrics = await fetch(`${server.url}/metrics`, {
    headers: { authorization: `Bearer ${metricsToken}` },
  })
  expect(await metrics.text()).toMatch(
    /quire_used_bytes \d+\n[^]*quire_max_bytes 1048576\n[^]*quire_disk_free_bytes \d+/,
  )

  const taken = await fetch(`${server.url}/api/documents/${large.id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${large.keys.own}` },
  })
  expect(taken.status).toBe(204)
  await untilSaved(anna)
  expect(anna.trouble).toBe('none')
  await untilText(bo.text, anna.text.toString())
  expect(await readText(server.url, document)).toBe(`ved${'y'.repeat(600_000)}`)
  await createDocument(server.url)
})
