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
]

export function findCommand(name: string): Listed | undefined {
  return catalogue.map(({ commands }) => commands).find((commands) => Object.hasOwn(commands, name))?.[name]
}
