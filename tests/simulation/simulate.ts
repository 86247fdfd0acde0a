/**
 * The simulation, for as long as one likes:
 *
 *     pnpm simulate                       10,000 seeds from a random one on
 *     QUIRE_SEEDS=100000 pnpm simulate    as many as that
 *     QUIRE_FIRST=1 pnpm simulate         from this seed on
 *     QUIRE_SEED=42 pnpm simulate         this seed alone, told event by event
 *
 * Ends with what was done and which promises were broken, and with exit code 1 if any was.
 */
import { command } from './command.ts'
import { run } from './run.ts'

await command({ run })
