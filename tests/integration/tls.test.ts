/** A server that speaks https and wss by itself: what it shows, when that is renewed, and what it does not start with. */
import { once } from 'node:events'
import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { transportLimits } from '../../apps/sync-server/src/transport/transport-limits.ts'
import {
  fingerprintOf,
  makeCertificate,
  openssl,
  replace,
  shownFingerprint,
  type CertificateFiles,
} from '../support/certificates.ts'
import { createDocument, post } from '../support/documents.ts'
import { HeldClock } from '../support/held-clock.ts'
import { runQuire, spawnServer } from '../support/quire-process.ts'
import { rawAnswers } from '../support/raw-http.ts'
import { openSession } from '../support/session.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../support/server.ts'
import { openStockClient } from '../support/stock-client.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { untilText } from '../support/until.ts'

const lookEveryMs = 10_000

describe('over TLS', () => {
  it('the editor is served, and its links lead back over TLS', async () => {
    const editorFolder = join(temporaryFolder(), 'dist')
    mkdirSync(editorFolder)
    writeFileSync(join(editorFolder, 'index.html'), '<!doctype html><title>Quire</title>')
    const { url } = await startTestServer({ tls: makeCertificate(), editorFolder })
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    expect(await (await fetch(url)).text()).toContain('<title>Quire</title>')
    const { links } = (await (await post(`${url}/api/documents`, {})).json()) as { links: { own: string } } // the 201 of the API
    expect(links.own).toMatch(new RegExp(`^${url}/d/`))
  })

  it('a page and a stock client write in one document', async () => {
    const { url, syncUrl } = await startTestServer({ tls: makeCertificate() })
    const document = await createDocument(url, { text: 'over TLS' })
    const session = await openSession({ syncUrl, document })
    const stock = openStockClient({ serverUrl: syncUrl, room: document.id, token: document.keys.edit })
    await stock.synced
    stock.text.insert(0, 'all of it ')
    await untilText(session.text, 'all of it over TLS')
  })

  it('whoever speaks none is not answered, and others are', async () => {
    const server = await startTestServer({ tls: makeCertificate() })
    expect(await rawAnswers(server.url, 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n')).toEqual([])
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    expect(server.log).toEqual([])
  })

  it('a frame in very many pieces is not gathered to its end', async () => {
    const { url, log } = await startTestServer({ tls: makeCertificate() })
    const document = await createDocument(url)
    const pieces = transportLimits.maxChunks + 2
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) })
    onTestFinished(() => void socket.destroy())
    const closed = once(socket.on('error', () => undefined).resume(), 'close')
    // Whatever is encrypted by itself is read by itself.
    const write = (bytes: Uint8Array | string): Promise<void> =>
      new Promise((resolve) => socket.write(bytes, () => resolve()))
    await write(
      `GET /sync/${document.id}?token=${document.keys.view} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n` +
        `Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${'A'.repeat(22)}==\r\n\r\n`,
    )
    await once(socket, 'data')
    await write(Uint8Array.of(0x82, 0x80 | 126, pieces >> 8, pieces & 0xff, 0, 0, 0, 0))
    const byte = Uint8Array.of(102)
    for (let piece = 0; piece < pieces && !socket.destroyed; piece++) await write(byte)
    await closed
    expect(log.map(({ fields }) => fields)).toMatchObject([{ code: 'WS_ERR_TOO_MANY_BUFFERED_PARTS' }])
  })

  it('nothing older than TLS 1.2 is spoken', async () => {
    const tls = makeCertificate()
    const { url } = await startTestServer({ tls })
    const upTo = (maxVersion: 'TLSv1.1' | 'TLSv1.2') =>
      // Clients have to be told that they may still offer it.
      shownFingerprint(url, { minVersion: 'TLSv1', maxVersion, ciphers: 'DEFAULT@SECLEVEL=0' })
    await expect(upTo('TLSv1.1')).rejects.toThrow(/protocol version/)
    expect(await upTo('TLSv1.2')).toBe(fingerprintOf(tls))
  })
})

describe('a certificate', () => {
  async function begin(): Promise<{ tls: CertificateFiles; clock: HeldClock; server: TestServer }> {
    const tls = makeCertificate()
    const clock = new HeldClock(lookEveryMs)
    const server = await startTestServer({ tls, clock })
    return { tls, clock, server }
  }

  async function look(clock: HeldClock): Promise<void> {
    await clock.untilWaiting(1)
    clock.pass()
    await clock.untilWaiting(1)
  }

  it('that was renewed is shown from the next look on, and who is connected stays', async () => {
    const { tls, clock, server } = await begin()
    const document = await createDocument(server.url)
    const session = await openSession({ syncUrl: server.syncUrl, document })
    const renewed = makeCertificate()
    replace(tls, renewed)
    expect(await shownFingerprint(server.url)).not.toBe(fingerprintOf(renewed))
    await look(clock)
    expect(await shownFingerprint(server.url)).toBe(fingerprintOf(renewed))
    await look(clock)
    expect(server.log).toMatchObject([{ level: 'info', message: 'the certificate was renewed' }])
    expect(session.state.type).toBe('live')
  })

  it('that was renewed is shown at once when the server is told so', async () => {
    const { tls, server } = await begin()
    replace(tls, makeCertificate())
    await server.renewCertificate()
    expect(await shownFingerprint(server.url)).toBe(fingerprintOf(tls))
  })

  it.each<[what: string, spoil: (tls: CertificateFiles) => void, words: RegExp]>([
    ['has another’s key', ({ key }) => takeKeyOfAnother(key), /do not belong/],
    ['is cut off', ({ certificate }) => writeFileSync(certificate, '-----BEGIN CERT'), /QUIRE_TLS_CERT/],
    ['is gone', ({ certificate }) => rmSync(certificate), /cannot be read/],
  ])(
    'that %s is complained of once, and the one before stays until there is a good one',
    async (_, spoil, words) => {
      const { tls, clock, server } = await begin()
      const before = await shownFingerprint(server.url)
      spoil(tls)
      for (let looks = 0; looks < 3; looks++) await look(clock)
      expect(server.log).toMatchObject([{ level: 'warn', message: expect.stringMatching(words) }])
      expect(JSON.stringify(server.log)).not.toContain('-----BEGIN')
      expect(await shownFingerprint(server.url)).toBe(before)
      replace(tls, makeCertificate())
      await look(clock)
      expect(server.log.map(({ level }) => level)).toEqual(['warn', 'info'])
      expect(await shownFingerprint(server.url)).toBe(fingerprintOf(tls))
    },
  )

  it('is looked at on SIGHUP, which ends nothing', async () => {
    const tls = makeCertificate()
    const server = await spawnServer(temporaryFolder(), {
      QUIRE_TLS_CERT: tls.certificate,
      QUIRE_TLS_KEY: tls.key,
    })
    expect(server.url).toMatch(/^https:/)
    replace(tls, makeCertificate())
    process.kill(server.pid, 'SIGHUP')
    let shown: string | undefined
    while (shown !== fingerprintOf(tls)) shown = await shownFingerprint(server.url)
    const { code, stderr } = await server.kill('SIGTERM')
    expect(code).toBe(0)
    expect(stderr).toContain('the certificate was renewed')
  })
})

describe('that a host is reached over TLS only', () => {
  const header = 'strict-transport-security'
  const aYear = 'max-age=31536000'

  it.each<[what: string, options: () => TestServerOptions, said: string | undefined]>([
    ['is said where TLS is ours', () => ({ tls: makeCertificate() }), aYear],
    ['is said where a proxy speaks it for us', () => ({ publicUrl: 'https://write.example' }), aYear],
    ['is not said without TLS', () => ({}), undefined],
    ['is not said where people come without', () => ({ publicUrl: 'http://write.example' }), undefined],
  ])('%s, with every answer', async (_, options, said) => {
    const server = await startTestServer(options())
    const { id, keys } = await createDocument(server.url)
    const paths = ['/healthz', '/nowhere', `/sync/${id}`]
    const answers = await Promise.all(paths.map((path) => fetch(server.url + path)))
    expect(answers.map(({ headers }) => headers.get(header) ?? undefined)).toEqual(paths.map(() => said))
    const upgrades = [`${server.syncUrl}/`, `${server.syncUrl}/${id}?token=${keys.edit}`]
    const [refused, taken] = await Promise.all(upgrades.map(upgradeAnswer))
    expect([refused?.statusCode, refused?.headers[header]]).toEqual([404, said])
    expect([taken?.statusCode, taken?.headers[header]]).toEqual([101, said])
  })
})

/** Whether or not it is one that is taken. */
function upgradeAnswer(url: string): Promise<IncomingMessage> {
  const socket = new WebSocket(url)
  onTestFinished(() => socket.terminate())
  socket.on('error', () => undefined)
  return new Promise((resolve) => {
    socket.once('upgrade', resolve)
    socket.once('unexpected-response', (_request, response) => resolve(response))
  })
}

describe('the command line refuses', () => {
  const misused = 2

  it.each<[what: string, spoil: (tls: CertificateFiles) => void, words: RegExp]>([
    [
      '103 a key that is another’s',
      ({ key }) => takeKeyOfAnother(key),
      /key\.pem, which do not belong together/,
    ],
    [
      'a certificate that is none',
      ({ certificate }) => writeFileSync(certificate, 'x'),
      /cert\.pem, which does not/,
    ],
    [
      'a certificate that is nowhere',
      ({ certificate }) => rmSync(certificate),
      /cert\.pem, which cannot be read/,
    ],
    ['a key that is none', ({ key }) => writeFileSync(key, 'x'), /key\.pem, which holds no private key/],
    ['a key that needs a passphrase', ({ key }) => lock(key), /key\.pem, .* that needs no passphrase/],
  ])('%s', async (_, spoil, words) => {
    const tls = makeCertificate()
    spoil(tls)
    const { code, stdout, stderr } = await runQuire(
      ['serve', '--tls-cert', tls.certificate, '--tls-key', tls.key],
      { QUIRE_DATA: temporaryFolder(), PORT: '0' },
    )
    expect({ code, stdout }).toEqual({ code: misused, stdout: '' })
    expect(stderr).toMatch(words)
    expect(stderr).not.toMatch(/-----BEGIN| {4}at /)
  })
})

function takeKeyOfAnother(key: string): void {
  copyFileSync(makeCertificate().key, key)
}

function lock(key: string): void {
  openssl('pkcs8 -topk8 -passout pass:swordfish', { '-in': key, '-out': `${key}.locked` })
  renameSync(`${key}.locked`, key)
}
