/**
 * Histories of the real document session, for as long as one likes:
 *
 *     pnpm histories                       10,000 seeds from a random one on
 *     QUIRE_SEEDS=100000 pnpm histories    as many as that
 *     QUIRE_FIRST=1 pnpm histories         from this seed on
 *     QUIRE_SEED=42 pnpm histories         this seed alone, told event by event
 *     QUIRE_VARIANT='ids are stolen' …     of another kind; see `variants.ts`
 *
 * Ends with what was done and which promises were broken, and with exit code 1 if any was.
 */
import './globals.ts'
import { command } from '../command.ts'
import { playHistory } from './history.ts'
import { optionsOf } from './variants.ts'

const variant = process.env['QUIRE_VARIANT']
const options = optionsOf(variant)

await command({
  run: (seed, { traced }) => playHistory(seed, { ...options, traced }),
  program: new URL('worker.ts', import.meta.url),
  variant,
})
