/** A certificate and its private key, in two PEM files: read, and held to be a pair that a server can show. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'

/** Paths. */
export interface CredentialFiles {
  /** The server's own certificate first, and then those between it and a root. */
  readonly certificate: string
  readonly key: string
}

/** PEM. */
export interface Credentials {
  readonly certificate: string
  readonly key: string
}

/** Its message says what to mend, and holds nothing of the files but their names. */
export class CredentialsError extends Error {}

/** What the files hold, whatever that is. Throws a `CredentialsError` if they cannot be read. */
export async function readCredentials(files: CredentialFiles): Promise<Credentials> {
  const [certificate, key] = await Promise.allSettled([
    readPem('QUIRE_TLS_CERT', files.certificate),
    readPem('QUIRE_TLS_KEY', files.key),
  ])
  if (certificate.status === 'fulfilled' && key.status === 'fulfilled')
    return { certificate: certificate.value, key: key.value }
  const reasons = [certificate, key].flatMap((read) => (read.status === 'rejected' ? [read.reason] : []))
  throw new CredentialsError(reasons.map(reasonOf).join(' '), { cause: reasons[0] })
}

/** Throws a `CredentialsError` unless a server can show this certificate and prove with this key that it is its own. */
export function demandPair({ certificate, key }: Credentials, files: CredentialFiles): void {
  const parsed = attempt(
    () => new X509Certificate(certificate),
    `QUIRE_TLS_CERT names ${files.certificate}, which does not begin with a certificate in PEM`,
  )
  const parsedKey = attempt(
    () => createPrivateKey(key),
    `QUIRE_TLS_KEY names ${files.key}, which holds no private key in PEM that needs no passphrase`,
  )
  if (!parsed.checkPrivateKey(parsedKey))
    throw new CredentialsError(
      `QUIRE_TLS_CERT names ${files.certificate} and QUIRE_TLS_KEY names ${files.key}, which do not belong together. ` +
        'Name a certificate and the key that it was made for.',
    )
  attempt(
    () => createSecureContext({ cert: certificate, key }),
    `QUIRE_TLS_CERT names ${files.certificate}, which cannot be used`,
  )
}

async function readPem(option: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new CredentialsError(`${option} names ${path}, which cannot be read: ${reasonOf(cause)}.`, {
      cause,
    })
  }
}

function attempt<Result>(act: () => Result, otherwise: string): Result {
  try {
    return act()
  } catch (cause) {
    throw new CredentialsError(`${otherwise}: ${reasonOf(cause)}.`, { cause })
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
