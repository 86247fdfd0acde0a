/**
 * What a command of the command line is: declared as data, of which help is made and by which words are read, and a
 * function over what was read. The file of a command loads nothing heavy before it runs, so that a mistake is told at once.
 */
import type { z } from 'zod'
import { isOfFullDisk } from '../storage/sqlite/failure.ts'
import type { Ending } from './exit-codes.ts'
import type { Progress } from './progress.ts'

/** Something that goes wrong and is told in a sentence or two, without a stack. */
export class CommandFailure extends Error {
  readonly ending: Exclude<Ending, 'done'>
  /** Stable, for programs. */
  readonly code: string

  /** For want of room on a disk, it is one that may pass, whichever `ending` it has else. */
  constructor(ending: Exclude<Ending, 'done'>, code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.ending = isOfFullDisk(options?.cause) ? 'busy' : ending
    this.code = code
  }
}

/** What a value may be: text in, and whatever the command wants of it out. */
type Kind = z.ZodType<unknown, string | undefined>

export interface Argument {
  readonly help: string
  readonly kind: Kind
  /** `?`: it may be left out; `+`: there may be several; `*`: both. */
  readonly repeat?: '?' | '+' | '*'
}

export interface Flag {
  readonly help: string
  /** Absent: the flag is a switch, and takes no value. */
  readonly kind?: Kind
  /** What stands for the value in the help. */
  readonly value?: string
  /** Taken from there where the flag is not given. */
  readonly variable?: string
  /** Has a variable alone: a secret is seen by everyone on the command line. */
  readonly variableOnly?: true
}

export type Arguments = Readonly<Record<string, Argument>>
export type Flags = Readonly<Record<string, Flag>>

type ArgumentValue<A extends Argument> = A['repeat'] extends '+' | '*'
  ? readonly z.output<A['kind']>[]
  : A['repeat'] extends '?'
    ? z.output<A['kind']> | undefined
    : z.output<A['kind']>

type FlagValue<F extends Flag> = F extends { readonly kind: infer K extends Kind } ? z.output<K> : boolean

/** By the names they were declared with. */
export type Input<A extends Arguments, F extends Flags> = {
  readonly [Name in keyof A]: ArgumentValue<A[Name]>
} & { readonly [Name in keyof F]: FlagValue<F[Name]> } & Common

/** What every command knows. */
export interface Common {
  /** As it was given. */
  readonly data: string
}

/** What comes of it: `data` with `--json`, else `text`, to the byte. */
export interface Outcome {
  readonly data: unknown
  readonly text: string
  /** Absent: all went well. */
  readonly ending?: Ending | undefined
  /** For standard error, unless programs are told in `data`. */
  readonly warnings?: readonly string[] | undefined
}

export interface Surroundings {
  /** For work that takes long. */
  readonly progress: Progress
  /** Resolves with whether a person said yes; undefined where there is none to ask. */
  confirm(question: string): Promise<boolean | undefined>
  readonly environment: NodeJS.ProcessEnv
  /** From now on, being interrupted (Ctrl-C) aborts this instead of the process; a second time ends that. */
  heedInterrupt(): AbortSignal
}

export interface Example {
  readonly does: string
  readonly line: string
}

export interface Declaration<A extends Arguments, F extends Flags> {
  /** After the summary, a paragraph or two of what one should know. */
  readonly about?: string
  /** Where one line of arguments and `[options]` would not say how it is asked: what comes after the command. */
  readonly usages?: readonly string[]
  readonly arguments: A
  /** In camelCase; on the command line in kebab-case. */
  readonly flags: F
  readonly examples: readonly Example[]
  /** Besides `done`, `failed`, `misused` and `busy`. */
  readonly endings?: readonly Ending[]
  readonly run: (input: Input<A, F>, surroundings: Surroundings) => Promise<Outcome>
}

export interface Command extends Omit<Declaration<Arguments, Flags>, 'run'> {
  readonly run: (input: Record<string, unknown> & Common, surroundings: Surroundings) => Promise<Outcome>
}

export function declare<const A extends Arguments, const F extends Flags>(
  declaration: Declaration<A, F>,
): Command {
  return declaration as unknown as Command // `readWords` makes the input of the declaration it is given
}

/** A command that reads its own words and stays until it is told to stop: the server. */
export interface Service {
  readonly help: () => string
  /** Throws a `ConfigError` before it begins anything. */
  readonly start: (words: readonly string[], environment: NodeJS.ProcessEnv) => Promise<void>
}
