/** How the page of a document is laid out: its bar, on one line or on two, and what is beneath it. */
import { css } from 'lit'

export const documentStyles = css`
  :host {
    display: block;
  }
  .page {
    display: flex;
    flex-direction: column;
    height: 100dvh;
  }
  header {
    display: grid;
    grid-template: 'home title state ends' auto / auto minmax(0, max-content) minmax(0, 1fr) auto;
    flex: none;
    align-items: center;
    gap: 0 var(--space-2);
    min-height: var(--bar);
    padding-inline: var(--space-2) var(--space-4);
  }
  .home {
    display: grid;
    grid-area: home;
    place-items: center;
    width: 36px;
    height: 44px;
    border-radius: var(--radius);
    color: var(--ink);
  }
  .home svg {
    width: 22px;
    height: 22px;
  }
  h1 {
    grid-area: title;
    /* Where there is room it has what a sentence about saving, people and buttons leave. */
    max-width: max(36ch, 100vw - 44rem);
    min-width: 0;
    margin: 0;
    margin-inline-start: calc(-1 * var(--space-1));
    font: inherit;
  }
  .state {
    grid-area: state;
    color: var(--ink-soft);
    font-size: var(--step--1);
    line-height: 1.35;
    text-wrap: pretty;
  }
  .act {
    color: var(--rubric);
  }
  .state button {
    display: inline;
    position: relative;
    min-height: 0;
    padding: 0;
    border: 0;
    background: none;
    font-size: inherit;
    text-decoration: underline;
    text-decoration-color: var(--rubric);
    text-underline-offset: 3px;
  }
  .state button::after {
    position: absolute;
    inset: -4px -8px -16px;
    content: '';
  }
  .ends {
    grid-area: ends;
    display: flex;
    align-items: center;
    gap: var(--space-2);
  }
  quire-more {
    margin-inline: -4px -10px;
  }
  /* Slim enough for the bar; a thumb may still miss it by a little. */
  .share {
    position: relative;
    min-height: 36px;
  }
  .share::after {
    position: absolute;
    inset: -6px 0;
    content: '';
  }
  .preview[aria-pressed='true'] {
    background: var(--rule);
    color: var(--ink);
  }
  @media (forced-colors: active) {
    .preview[aria-pressed='true'] {
      border-color: ButtonBorder;
    }
  }
  main {
    display: grid;
    grid-auto-columns: minmax(0, 1fr);
    grid-auto-flow: column;
    flex: 1;
    min-height: 0;
  }
  main:has(.beside) {
    grid-template-columns: 16rem;
  }
  quire-outline:not(.beside) {
    position: absolute;
  }
  quire-preview {
    height: 100%;
    border-inline-start: 1px solid var(--rule);
  }
  quire-text {
    height: 100%;
  }
  /* As large as the way beside it. */
  quire-dead-end button {
    padding: 10px 16px;
    font-size: var(--step-0);
  }
  /* All of the text, for when it is printed. */
  .paper {
    display: none;
    margin: 0;
    font: 11pt / 1.5 var(--prose);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    tab-size: 4;
    unicode-bidi: plaintext;
  }
  .paper.code {
    font: 9.5pt / 1.5 var(--mono);
    unicode-bidi: normal;
  }
  /* Most documents open before anyone could read that they do. */
  .opening {
    max-width: calc(var(--measure) + 2 * var(--space-5));
    margin: 0 auto;
    padding: var(--space-6) var(--space-5);
    color: var(--ink-soft);
    font: var(--step-1) / 1.72 var(--prose);
    animation: appear 160ms ease-out 300ms backwards;
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  /* Two columns of a readable width, or one. */
  @media (max-width: 60em) {
    .previewing quire-text {
      display: none;
    }
    quire-preview {
      border: 0;
    }
  }
  @media print {
    .page,
    .page ~ * {
      display: none;
    }
    .page ~ .paper {
      display: block;
    }
  }
  /* In em, so that whoever has set larger letters is not left with a column of single words. */
  @media (max-width: 54em) {
    header {
      grid-template:
        'home title ends' auto
        'home state ends' auto / auto minmax(0, 1fr) auto;
      /* Everything hangs from the top, so that a longer sentence moves nothing beside it. */
      align-items: start;
      align-content: start;
      padding-block: var(--space-1);
    }
    h1 {
      max-width: none;
      margin-bottom: -2px;
    }
    .state {
      padding-block-end: var(--space-1);
      padding-inline-start: 2px;
      font-size: 0.75rem;
      line-height: 1.25;
    }
  }
  @media (max-width: 600px) {
    header {
      gap: 0 var(--space-1);
      padding-block: 2px;
      padding-inline: var(--space-1) var(--space-3);
    }
    /* The title then begins where the text does. */
    header:not(:has(.home)) {
      padding-inline-start: calc(var(--space-3) - 2px);
    }
    .preview {
      min-height: 36px;
    }
    .opening {
      padding: var(--space-5) var(--space-4);
    }
    .ends {
      gap: var(--space-1);
    }
    /* The way back; the way there is in the menu. */
    .preview[aria-pressed='false'] {
      display: none;
    }
  }
  @media (max-width: 20em) {
    header {
      grid-template:
        'home title ends' auto
        'state state state' auto / auto minmax(0, 1fr) auto;
    }
    .state {
      padding-inline-start: var(--space-2);
    }
    .ends {
      gap: 2px;
    }
  }
  @media (max-width: 15em) {
    header {
      grid-template:
        'home ends' auto
        'title title' auto
        'state state' auto / auto 1fr;
    }
    .ends {
      justify-self: end;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .opening {
      animation: none;
    }
  }
`
