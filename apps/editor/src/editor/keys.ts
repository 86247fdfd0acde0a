/** Whose keys a text is written with: the usual ones, or those of another editor, which are fetched when they are chosen. */
import { defaultKeymap } from '@codemirror/commands'
import type { Extension } from '@codemirror/state'
import { Compartment, Prec } from '@codemirror/state'
import { keymap, ViewPlugin } from '@codemirror/view'
import { commandKeys } from './commands.ts'
import { useLazily } from './lazily.ts'

export type Keys = 'standard' | 'vim' | 'emacs' | 'vscode'

export function keysOf(keys: Keys): Extension {
  const usual = [commandKeys(), keymap.of(defaultKeymap)]
  if (keys === 'standard') return usual
  const fetch = foreignKeys[keys]
  const foreign = new Compartment()
  return [
    foreign.of(usual),
    ViewPlugin.define((view) => {
      void useLazily(view, fetch, (fetched) => {
        if (foreign.get(view.state)) view.dispatch({ effects: foreign.reconfigure(fetched(usual)) })
      })
      return {}
    }),
  ]
}

/** Each adds to the usual keys, or replaces some. */
type ForeignKeys = (usual: Extension) => Extension

const foreignKeys: Readonly<Record<Exclude<Keys, 'standard'>, () => Promise<ForeignKeys>>> = {
  vim: async () => {
    const { vimKeys } = await import('./vim-keys.ts')
    return (usual) => [Prec.high(vimKeys()), usual]
  },
  emacs: async () => {
    const { emacsKeys } = await import('./emacs-keys.ts')
    return (usual) => [Prec.high(emacsKeys()), usual]
  },
  vscode: async () => {
    const { vscodeKeys } = await import('./vscode-keys.ts')
    return () => [vscodeKeys(), keymap.of(defaultKeymap)]
  },
}
