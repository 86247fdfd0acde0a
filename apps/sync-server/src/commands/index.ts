/** The commands there are, in the order in which help lists them. Each is loaded when it is asked for. */
import type { Command, Service } from '../cli/command.ts'

export interface Listed {
  /** One line, for the overview. */
  readonly summary: string
  readonly load: () => Promise<Command | Service>
}

export type Catalogue = readonly {
  readonly title: string
  readonly commands: Readonly<Record<string, Listed>>
}[]

export const catalogue: Catalogue = [
  {
    title: 'Run',
    commands: {
      serve: {
        summary: 'start the server',
        load: async () => (await import('./serve.ts')).serve,
      },
    },
  },
  {
    title: 'Keep',
    commands: {
      backup: {
        summary: 'make a verified copy of everything, while the server runs',
        load: async () => (await import('./backup.ts')).backup,
      },
      restore: {
        summary: 'put a backup into a data folder',
        load: async () => (await import('./restore.ts')).restore,
      },
      verify: {
        summary: 'look whether everything that is stored is what was written',
        load: async () => (await import('./verify.ts')).verify,
      },
    },
  },
]

export function findCommand(name: string): Listed | undefined {
  return catalogue.map(({ commands }) => commands).find((commands) => Object.hasOwn(commands, name))?.[name]
}
