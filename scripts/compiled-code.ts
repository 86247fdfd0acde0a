/** Tests start servers by the hundred, each with threads of its own: their code is read and compiled once. */
import { fileURLToPath } from 'node:url'

/** In every process of Node that this one starts from now on. */
export function keepCompiledCode(): void {
  process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url))
}
