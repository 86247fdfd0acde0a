/** Names the browser's tab after what a component shows. */
import type { ReactiveController } from 'lit'
import { t } from '../words/index.ts'

/** `title` is asked after each rendering; '' is Quire itself, undefined leaves the name to another component. */
export function pageTitle(title: () => string | undefined): ReactiveController {
  return {
    hostUpdated() {
      const shown = title()
      if (shown !== undefined) document.title = shown ? t('app.pageTitle', { title: shown }) : 'Quire'
    },
  }
}
