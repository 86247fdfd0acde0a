declare module 'markdown-it-footnote' {
  import type MarkdownIt from 'markdown-it'

  const footnotes: (markdown: MarkdownIt) => void
  // oxlint-disable-next-line import/no-default-export -- so the package has it
  export default footnotes
}
