/** Certificates of this machine that vouch for themselves, as `openssl` makes them. */
import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect, getCACertificates, setDefaultCACertificates, type ConnectionOptions } from 'node:tls'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from './temporary-folder.ts'

/** Paths. */
export interface CertificateFiles {
  readonly certificate: string
  readonly key: string
}

/** Trusted by this process until the test is over. */
export function makeCertificate(): CertificateFiles {
  const folder = temporaryFolder()
  const [certificate, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  openssl(
    'req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 ' +
      '-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1',
    { '-keyout': key, '-out': certificate },
  )
  const trusted = getCACertificates('default')
  setDefaultCACertificates([...trusted, readFileSync(certificate, 'utf8')])
  onTestFinished(() => setDefaultCACertificates(trusted))
  return { certificate, key }
}

export function openssl(command: string, files: Readonly<Record<string, string>>): void {
  execFileSync('openssl', [...command.split(' '), ...Object.entries(files).flat()], { stdio: 'pipe' })
}

/** As a renewal does it. */
export function replace(old: CertificateFiles, renewed: CertificateFiles): void {
  copyFileSync(renewed.certificate, old.certificate)
  copyFileSync(renewed.key, old.key)
}

export function fingerprintOf({ certificate }: CertificateFiles): string {
  return new X509Certificate(readFileSync(certificate)).fingerprint256
}

/** Of the certificate that a new connection is shown. */
export async function shownFingerprint(
  url: string,
  options: ConnectionOptions = {},
): Promise<string | undefined> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), ...options })
  onTestFinished(() => void socket.destroy())
  await once(socket, 'secureConnect')
  const fingerprint = socket.getPeerX509Certificate()?.fingerprint256
  socket.destroy()
  return fingerprint
}
