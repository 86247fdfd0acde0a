/** What can be done with a whole document: copied, kept, handed on, deleted. Says what came of it in one line. */
import type { Role } from '@quire/protocol'
import { spokenLanguage, t } from '../words/index.ts'
import { importFiles, makeDocument } from './import-files.ts'
import { linkTo, textPathOf, type DocumentLink, type Pass } from './route.ts'
import { standalonePage } from './standalone-page.ts'
import type { Surroundings } from './surroundings.ts'
import { textFileName } from './text-file-name.ts'
import { endingOf, markdownId } from './text-languages.ts'

export interface ShownDocument {
  readonly surroundings: Surroundings
  readonly pass: Pass
  readonly role: Role
  readonly title: string
  /** As the document holds it. */
  readonly language: string
  readonly text: () => string
  /** The text as it is read, as HTML that is safe to hand to others; rejects if that cannot be had. */
  readonly rendered: (purpose: 'page' | 'clipboard') => Promise<string>
  /** Where the caret is, as links tell places. */
  readonly place: () => string | undefined
  readonly say: (words: string) => void
}

export async function copyLink({ surroundings, pass, say }: ShownDocument): Promise<void> {
  if (pass.type !== 'link') return
  say((await surroundings.copy(pass.href)) ? t('share.copied') : t('do.notCopied'))
}

/** The owner's own link is not for handing on: of theirs, the one by which others edit. */
export async function copyLineLink(shown: ShownDocument): Promise<void> {
  const { pass, role, place, say } = shown
  const at = place()
  if (pass.type !== 'link' || at === undefined) return
  if (role !== 'own') return sayCopied(shown, linkTo(pass.href, at), t('do.lineLinkCopied'))
  // Not once the server has answered: Safari lets a page copy only while a click lasts, and then waits for what was promised.
  const link = linkToHand(shown, pass).then((url) => linkTo(url, at))
  await sayCopied(shown, link, t('do.lineLinkCopiedEdit')).catch(({ message }: Error) => say(message))
}

/** Rejects with words that may be shown as they are. */
async function linkToHand({ surroundings }: ShownDocument, pass: DocumentLink): Promise<string> {
  const { server, now } = surroundings
  const answer = await server.links(pass)
  if (answer.type === 'failed') throw new Error(answer.words)
  const { url } =
    answer.value.find((one) => one.role === 'edit' && one.url && (one.expiresAt ?? Infinity) > now()) ?? {}
  if (!url) throw new Error(t('do.noLinkToHand'))
  return url
}

export function copyText(shown: ShownDocument): Promise<void> {
  return sayCopied(shown, shown.text(), t('do.textCopied'))
}

export async function copyRich({ surroundings, text, rendered, say }: ShownDocument): Promise<void> {
  try {
    const isCopied = await surroundings.copyRich({ text: text(), html: rendered('clipboard') })
    say(isCopied ? t('do.richCopied') : t('do.notCopied'))
  } catch {
    say(t('preview.failed'))
  }
}

/** Under the ending of its language. */
export function downloadAsItIs(shown: ShownDocument): void {
  downloadText(shown, endingOf(shown.language))
}

/** The text as it is, character for character. */
export function downloadText(shown: ShownDocument, ending: string): void {
  const type = ending === endingOf(markdownId) ? 'text/markdown' : 'text/plain'
  shown.surroundings.download(textFileName(shown.title, ending), shown.text(), type)
}

export async function downloadPage({ surroundings, title, rendered, say }: ShownDocument): Promise<void> {
  const html = await rendered('page').catch(() => undefined)
  if (html === undefined) return say(t('preview.failed'))
  const page = standalonePage({ title: title || t('app.untitled'), html, language: spokenLanguage() })
  surroundings.download(textFileName(title, 'html'), page, 'text/html')
}

export function showPlainText({ surroundings, pass }: ShownDocument): void {
  surroundings.address.openBeside(textPathOf(pass))
}

export async function openNewDocument({ surroundings, say }: ShownDocument): Promise<void> {
  const made = await makeDocument(surroundings)
  if (made.type === 'given') surroundings.address.go(made.value)
  else say(made.words)
}

export async function importIntoNewDocuments({ surroundings, say }: ShownDocument): Promise<void> {
  const { paths, failures } = await importFiles(await surroundings.pickFiles(), surroundings)
  const [failure] = failures
  if (failure !== undefined) say(failure)
  else if (paths[0] !== undefined) surroundings.address.go(paths.length === 1 ? paths[0] : '/')
}

export async function deleteDocument({ surroundings, pass, say }: ShownDocument): Promise<void> {
  if (pass.type !== 'link') return
  const { server, recents, address } = surroundings
  const answer = await server.deleteDocument(pass)
  if (answer.type === 'failed') return say(answer.words)
  recents.forget(pass.documentId)
  address.replace('/')
}

async function sayCopied(
  { surroundings, say }: ShownDocument,
  text: string | Promise<string>,
  words: string,
): Promise<void> {
  say((await surroundings.copy(text)) ? words : t('do.notCopied'))
}
