/** CodeMirror's own words, as we would say them. */
import type { Extension } from '@codemirror/state'
import { EditorState } from '@codemirror/state'
import { t } from '../words/index.ts'

/** There from the beginning: an editor whose words change is built anew, and all its parts with it. */
export function phrases(): Extension {
  return EditorState.phrases.of(wordsOfCodeMirror())
}

/** `$` stands for a number. */
export function wordsOfCodeMirror(): Readonly<Record<string, string>> {
  return {
    Find: t('search.find'),
    next: t('search.next'),
    previous: t('search.previous'),
    all: t('search.all'),
    'match case': t('search.matchCase'),
    regexp: t('search.pattern'),
    'by word': t('search.wholeWords'),
    Replace: t('search.replaceField'),
    replace: t('search.replace'),
    'replace all': t('search.replaceAll'),
    close: t('search.close'),
    'current match': t('search.currentMatch'),
    'on line': t('search.onLine'),
    'replaced match on line $': t('search.replacedOnLine'),
    'replaced $ matches': t('search.replaced'),
    'Go to line': t('search.goToLine'),
    go: t('search.go'),
    'Folded lines': t('fold.folded'),
    'Unfolded lines': t('fold.unfolded'),
    to: t('fold.to'),
    'folded code': t('fold.placeholder'),
    unfold: t('fold.unfold'),
    'Fold line': t('fold.foldLine'),
    'Unfold line': t('fold.unfoldLine'),
    Completions: t('editor.completions'),
    'Control character': t('editor.controlCharacter'),
    'Selection deleted': t('editor.selectionDeleted'),
  }
}
