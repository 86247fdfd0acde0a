/** `quire doctor`: looks for what would keep a server from running well, before it does. */
import { declare } from '../cli/command.ts'
import { printable } from '../cli/format.ts'
import { serverOptions } from '../config.ts'

export const doctor = declare({
  about: `It takes the options that the server would, from the same flags and variables, and changes nothing. Every line says ok, warn or
    fail, and what to do.`,
  arguments: {},
  flags: {
    host: { ...serverOptions.HOST, kind: serverOptions.HOST.schema, value: 'address', variable: 'HOST' },
    port: { ...serverOptions.PORT, kind: serverOptions.PORT.schema, value: 'port', variable: 'PORT' },
    publicUrl: {
      help: serverOptions.QUIRE_PUBLIC_URL.help,
      kind: serverOptions.QUIRE_PUBLIC_URL.schema,
      value: 'url',
      variable: 'QUIRE_PUBLIC_URL',
    },
    tlsCert: {
      help: serverOptions.QUIRE_TLS_CERT.help,
      kind: serverOptions.QUIRE_TLS_CERT.schema,
      value: 'file',
      variable: 'QUIRE_TLS_CERT',
    },
    tlsKey: {
      help: serverOptions.QUIRE_TLS_KEY.help,
      kind: serverOptions.QUIRE_TLS_KEY.schema,
      value: 'file',
      variable: 'QUIRE_TLS_KEY',
    },
    maxTotalMb: {
      help: serverOptions.QUIRE_MAX_TOTAL_MB.help,
      kind: serverOptions.QUIRE_MAX_TOTAL_MB.schema,
      value: 'megabytes',
      variable: 'QUIRE_MAX_TOTAL_MB',
    },
    retentionDays: {
      help: serverOptions.QUIRE_RETENTION_DAYS.help,
      kind: serverOptions.QUIRE_RETENTION_DAYS.schema,
      value: 'days',
      variable: 'QUIRE_RETENTION_DAYS',
    },
    secret: {
      help: serverOptions.QUIRE_SECRET.help,
      kind: serverOptions.QUIRE_SECRET.schema,
      variable: 'QUIRE_SECRET',
      variableOnly: true,
    },
  },
  examples: [
    {
      does: 'before the first start, with the variables it will have',
      line: 'quire doctor --data /srv/quire',
    },
  ],
  run: async (input) => {
    const { examine } = await import('../doctor/examine.ts')
    const findings = await examine(input)
    const width = Math.max(...findings.map(({ about }) => about.length))
    return {
      data: { findings },
      text: findings
        .map(({ state, about, says }) => `${state.padEnd(4)}  ${about.padEnd(width)}  ${printable(says)}\n`)
        .join(''),
      ending: findings.some(({ state }) => state === 'fail') ? 'failed' : 'done',
    }
  },
})
