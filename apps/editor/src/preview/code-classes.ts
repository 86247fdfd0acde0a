/** Which classes a piece of code gets in the preview. The colours are in `frame/frame.css`. */
import { tagHighlighter, tags } from '@lezer/highlight'

export const codeClasses = tagHighlighter([
  { tag: [tags.keyword, tags.heading, tags.strong], class: 'keyword' },
  { tag: tags.comment, class: 'comment' },
  { tag: [tags.string, tags.regexp, tags.attributeValue, tags.inserted], class: 'string' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], class: 'number' },
  { tag: [tags.typeName, tags.className, tags.tagName, tags.namespace], class: 'type' },
  { tag: [tags.propertyName, tags.attributeName, tags.definition(tags.variableName)], class: 'property' },
  { tag: [tags.meta, tags.processingInstruction], class: 'meta' },
  { tag: tags.punctuation, class: 'punctuation' },
])
