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
      doctor: {
        summary: 'look for what would keep the server from running well',
        load: async () => (await import('./doctor.ts')).doctor,
      },
      stats: {
        summary: 'count documents, bytes and connections',
        load: async () => (await import('./stats.ts')).stats,
      },
    },
  },
  {
    title: 'Documents',
    commands: {
      list: {
        summary: 'list documents',
        load: async () => (await import('./list.ts')).list,
      },
      show: {
        summary: 'show all that is known of a document',
        load: async () => (await import('./show.ts')).show,
      },
      text: {
        summary: 'print what a document says',
        load: async () => (await import('./text.ts')).text,
      },
      new: {
        summary: 'make a document and print its links',
        load: async () => (await import('./new.ts')).makeNew,
      },
      link: {
        summary: 'make, list or revoke links to a document',
        load: async () => (await import('./link.ts')).link,
      },
      disconnect: {
        summary: 'end the connections of everyone in a document',
        load: async () => (await import('./disconnect.ts')).disconnect,
      },
      token: {
        summary: 'sign an access token for a document',
        load: async () => (await import('./token.ts')).token,
      },
      delete: {
        summary: 'delete documents',
        load: async () => (await import('./delete.ts')).remove,
      },
    },
  },
  {
    title: 'Data',
    commands: {
      import: {
        summary: 'make documents of files, or of those of another server',
        load: async () => (await import('./import.ts')).importFiles,
      },
      export: {
        summary: 'write documents to files',
        load: async () => (await import('./export.ts')).exportDocuments,
      },
      compact: {
        summary: 'shorten the logs of documents',
        load: async () => (await import('./compact.ts')).compact,
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
