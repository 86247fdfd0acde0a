/** What can be done with a document just now, in the words and with the keys under which people find it. */
import { mayWrite } from '@quire/protocol'
import { html } from 'lit'
import {
  copyLineLink,
  copyLink,
  copyRich,
  copyText,
  deleteDocument,
  downloadPage,
  downloadText,
  importIntoNewDocuments,
  openNewDocument,
  showPlainText,
  type ShownDocument,
} from '../controllers/document-actions.ts'
import { paletteKeys } from '../controllers/key-names.ts'
import type { PageCommand } from '../controllers/page-commands.ts'
import { switchTheme } from '../controllers/settings.ts'
import { endingOf, languageName, plainId, textLanguages } from '../controllers/text-languages.ts'
import { t, tParts } from '../words/index.ts'
import type { Question } from './quire-question.ts'
import type { Tool } from './quire-tools.ts'

/** What the page itself does. */
export interface DocumentPage {
  readonly share: () => void
  readonly open: (tool: Tool) => void
  /** Resolves with whether that is to be done. */
  readonly ask: (question: Question) => Promise<boolean>
  readonly preview: () => void
  readonly outline: () => void
  readonly print: () => void
  readonly focusTitle: () => void
  readonly setLanguage: (id: string) => void
  readonly saySaved: () => void
}

interface Group {
  /** Undefined: found by name and key alone. */
  readonly inMenu?: boolean
  readonly commands: readonly PageCommand[]
}

/** In the order of the menu. Whoever came with a token has no link to hand on, and no other document here. */
export function documentCommands(shown: ShownDocument, page: DocumentPage): readonly Group[] {
  const isLink = shown.pass.type === 'link'
  return [
    { inMenu: true, commands: [...reading(page), ...(isLink ? handing(shown) : [])] },
    { inMenu: true, commands: keeping(shown) },
    { inMenu: true, commands: [printing(page), ...(isLink ? making(shown) : [])] },
    { inMenu: true, commands: settingUp(shown, page) },
    { inMenu: true, commands: shown.role === 'own' && isLink ? deleting(shown, page) : [] },
    { commands: others(shown, page) },
    { commands: mayWrite(shown.role) ? inOtherLanguages(shown, page) : [] },
  ]
}

function command(id: string, title: string, run: () => unknown, ...keys: readonly string[]): PageCommand {
  return { id, title, keys, run: () => void run() }
}

function handing(shown: ShownDocument): readonly PageCommand[] {
  return [
    // The owner's own link is not for handing on.
    ...(shown.role === 'own' ? [] : [command('copy-link', t('do.copyLink'), () => copyLink(shown))]),
    command('copy-line-link', t('do.copyLineLink'), () => copyLineLink(shown)),
  ]
}

function reading(page: DocumentPage): readonly PageCommand[] {
  return [
    command('preview', t('do.preview'), page.preview, 'Mod-Shift-e'),
    command('outline', t('do.outline'), page.outline, 'Mod-Shift-o'),
  ]
}

function keeping(shown: ShownDocument): readonly PageCommand[] {
  const endings = new Set([endingOf(shown.language), endingOf(plainId)])
  return [
    command('copy-text', t('do.copyText'), () => copyText(shown)),
    command('copy-rich', t('do.copyRich'), () => copyRich(shown)),
    ...[...endings].map((ending) =>
      command(`download-${ending}`, t('do.downloadText', { ending: `.${ending}` }), () =>
        downloadText(shown, ending),
      ),
    ),
    command('download-page', t('do.downloadPage'), () => downloadPage(shown)),
    command('plain-text', t('do.plainText'), () => showPlainText(shown)),
  ]
}

function printing(page: DocumentPage): PageCommand {
  return command('print', t('do.print'), page.print, 'Mod-p')
}

function making(shown: ShownDocument): readonly PageCommand[] {
  return [command('import', t('do.import'), () => importIntoNewDocuments(shown))]
}

function settingUp(
  { surroundings: { platform } }: ShownDocument,
  page: DocumentPage,
): readonly PageCommand[] {
  return [
    command('palette', t('palette.open'), () => page.open('palette'), ...paletteKeys(platform)),
    ...(platform.isTouched ? [] : [showingKeys(page)]),
    command('settings', t('do.settings'), () => page.open('settings'), 'Mod-,'),
  ]
}

function showingKeys(page: DocumentPage): PageCommand {
  return command('keys', t('do.keys'), () => page.open('keys'))
}

function deleting(shown: ShownDocument, page: DocumentPage): readonly PageCommand[] {
  const title = html`<bdi>${shown.title || t('app.untitled')}</bdi>`
  const question = {
    heading: tParts('delete.heading', { title }),
    words: t('delete.words'),
    yes: t('delete.yes'),
    no: t('delete.no'),
  }
  return [
    command('delete', t('do.delete'), async () => {
      if (await page.ask(question)) await deleteDocument(shown)
    }),
  ]
}

function others(shown: ShownDocument, page: DocumentPage): readonly PageCommand[] {
  const { settings, address, platform } = shown.surroundings
  return [
    ...(platform.isTouched ? [showingKeys(page)] : []),
    command('save', t('do.save'), page.saySaved, 'Mod-s'),
    command('theme', t('do.theme'), () => switchTheme(settings)),
    ...(mayWrite(shown.role) ? [command('rename', t('do.rename'), page.focusTitle)] : []),
    ...(shown.pass.type === 'link'
      ? [
          command('share', t('do.share'), page.share),
          command('new', t('do.new'), () => openNewDocument(shown)),
          command('start', t('do.start'), () => address.go('/')),
        ]
      : []),
  ]
}

function inOtherLanguages({ language }: ShownDocument, page: DocumentPage): readonly PageCommand[] {
  return textLanguages
    .filter(({ id }) => id !== language)
    .map(({ id }) => {
      const title = t('do.language', { name: languageName(id) })
      return { ...command(`language-${id}`, title, () => page.setLanguage(id)), isOneOfMany: true }
    })
}
