/** `quire doctor`: looks for what would keep a server from running well, before it does. */
import { declare } from '../cli/command.ts'
import { printable } from '../cli/format.ts'
import { serverFlags } from '../config.ts'

export const doctor = declare({
  about: `It takes the options that the server would, from the same flags and variables, and changes nothing. Every line says ok, warn or
    fail, and what to do.`,
  arguments: {},
  flags: serverFlags,
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
