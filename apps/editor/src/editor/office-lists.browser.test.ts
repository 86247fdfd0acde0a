import { expect, test } from 'vitest'
import { toMarkdown } from './html-to-markdown.ts'

/** As Word for Windows puts a document on the clipboard, around its paragraphs. */
const word = (body: string): string => `<html xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word"
xmlns="http://www.w3.org/TR/REC-html40">

<head>
<meta http-equiv=Content-Type content="text/html; charset=utf-8">
<meta name=ProgId content=Word.Document>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style>
<!--
 /* Style Definitions */
 p.MsoListParagraph, li.MsoListParagraph, div.MsoListParagraph
	{mso-style-priority:34;
	margin-left:36.0pt;}
 /* List Definitions */
 @list l0
	{mso-list-id:1312;
	mso-list-type:hybrid;}
@list l0:level1
	{mso-level-number-format:bullet;
	mso-level-text:\\F0B7;}
ol
	{margin-bottom:0cm;}
-->
</style>
</head>

<body lang=EN-GB style='tab-interval:36.0pt;word-wrap:break-word'>
<!--StartFragment-->

${body}

<!--EndFragment-->
</body>

</html>`

const room =
  '<span\nstyle=\'font:7.0pt "Times New Roman"\'>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;\n</span>'

const fonts: Readonly<Record<string, string>> = { '·': 'Symbol', o: '"Courier New"', '§': 'Wingdings' }

function sign(text: string): string {
  const font = fonts[text] ?? 'Calibri'
  return `<![if !supportLists]><span
style='font-family:${font};mso-fareast-font-family:${font};mso-bidi-font-family:
${font}'><span style='mso-list:Ignore'>${text}${room}</span></span><![endif]>`
}

/** The first level has the margin of its style. */
function item(level: number, text: string, words: string): string {
  const margin = level === 1 ? '' : `margin-left:${36 * level}.0pt;mso-add-space:\nauto;`
  return `<p class=MsoListParagraphCxSpMiddle style='${margin}text-indent:-18.0pt;mso-list:l0 level${level} lfo1'>${sign(text)}<span
lang=EN-GB>${words}<o:p></o:p></span></p>\n\n`
}

const unsigned = (words: string, style = ''): string =>
  `<p class=MsoListParagraphCxSpMiddle${style && ` style='${style}'`}><span\nlang=EN-GB>${words}<o:p></o:p></span></p>\n\n`

const normal = (words: string, style = ''): string =>
  `<p class=MsoNormal${style && ` style='${style}'`}>${words}<o:p></o:p></p>\n\n`

test.each([
  [
    'bullets, one within another',
    item(1, '·', 'one') + item(2, 'o', 'two') + item(3, '§', 'three') + item(1, '·', 'four'),
    '- one\n  - two\n    - three\n- four',
  ],
  [
    'numbers with bullets and letters within',
    item(1, '1.', 'one') +
      item(2, '·', 'two') +
      item(2, '·', 'three') +
      item(1, '2.', 'four') +
      item(2, 'a.', 'five'),
    '1. one\n   - two\n   - three\n2. four\n   1. five',
  ],
  [
    'numbers that go on after other words',
    item(1, '1.', 'one') + normal('So much for <b>one</b>') + item(1, '2.', 'two') + item(1, '3.', 'three'),
    '1. one\n\nSo much for **one**\n\n2. two\n3. three',
  ],
  [
    'numbers of several levels',
    item(1, '1.', 'one') + item(2, '1.1.', 'two') + item(2, '1.2.', 'three'),
    '1. one\n   1. two\n   2. three',
  ],
  ['numbers in brackets', item(1, '(4)', 'four') + item(1, '(5)', 'five'), '4. four\n5. five'],
  ['Roman numbers', item(1, 'iv.', 'four') + item(1, 'v.', 'five'), '4. four\n5. five'],
  [
    'letters, some of which are Roman numbers',
    item(1, 'h)', 'h') + item(1, 'i)', 'i') + item(1, 'j)', 'j'),
    '8. h\n9. i\n10. j',
  ],
  ['numbers of other scripts', item(1, '一、', 'one') + item(1, '二、', 'two'), '1. one\n2. two'],
  ['a kind of list after another', item(1, '·', 'one') + item(1, '1.', 'two'), '- one\n\n1. two'],
  [
    'a part of a list that begins deeper',
    item(2, 'o', 'one') + item(3, '§', 'two') + item(1, '·', 'three'),
    '- one\n  - two\n- three',
  ],
  [
    'levels that are left out',
    item(1, '·', 'one') + item(3, '§', 'two') + item(2, 'o', 'three'),
    '- one\n  - two\n  - three',
  ],
  [
    'paragraphs in an item, which begin where its words do',
    item(1, '1.', 'one') +
      unsigned('more of one') +
      unsigned('&nbsp;') +
      item(2, 'a.', 'two') +
      unsigned('more of two', 'margin-left:2.54cm;mso-add-space:auto') +
      unsigned('still one') +
      item(1, '2.', 'three') +
      normal('three as well', 'margin-left:.5in') +
      normal('outside'),
    '1. one\n\n   more of one\n\n   1. two\n\n      more of two\n\n   still one\n2. three\n\n   three as well\n\noutside',
  ],
  ['a paragraph for lists that follows none', unsigned('alone') + item(1, '·', 'one'), 'alone\n\n- one'],
  [
    'an empty line between',
    item(1, '·', 'one') + normal('<o:p>&nbsp;</o:p>') + normal('two'),
    '- one\n\ntwo',
  ],
  [
    'headings, which keep their numbers',
    `<h1 style='margin-left:18.0pt;text-indent:-18.0pt;mso-list:l1 level1 lfo2'>${sign('1.')}Title<o:p></o:p></h1><h2 style='mso-list:l1 level2 lfo2'>${sign('·')}Part</h2>`,
    '# 1. Title\n\n## Part',
  ],
  [
    'lists in cells',
    `<table class=MsoTableGrid><tr><td>a</td><td>b</td></tr><tr><td>${item(1, '·', 'one') + item(2, 'o', 'two')}</td><td>c</td></tr></table>`,
    '| a | b |\n| --- | --- |\n| - one<br>- two | c |',
  ],
  [
    'styles for lists, which say their level by their name',
    `<p class=MsoListBullet style='mso-list:l3 level1 lfo4'>${sign('·')}one</p><p class=MsoListBullet2>${sign('·')}two</p><p class=MsoListContinue2>more of two</p><p class=MsoListNumber>${sign('1.')}three</p>`,
    '- one\n  - two\n\n    more of two\n\n1. three',
  ],
  [
    'a picture as a bullet, and bold items',
    `<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><b><span style='mso-list:Ignore'><img width=16 height=16 src="file:///C:/Users/a/msohtmlclip1/01/clip_image001.gif" alt="*">${room}</span></b><![endif]><b>one</b> two<o:p></o:p></p>`,
    '- **one** two',
  ],
])('of Word for Windows: %s', (_what, body, markdown) => expect(toMarkdown(word(body))).toBe(markdown))

test.each([
  [
    'Word for Mac',
    `<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l1 level1 lfo1'><!--[if !supportLists]--><span lang=EN-GB style='mso-fareast-font-family:Aptos;mso-bidi-font-family:Aptos'><span style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>       </span></span></span><!--[endif]--><span lang=EN-GB>one</span></p>
<p class=MsoListParagraphCxSpMiddle style='margin-top:0cm;margin-right:0cm;margin-bottom:8.0pt;margin-left:72.0pt;mso-add-space:auto;text-indent:-18.0pt;mso-list:l1 level2 lfo1'><!--[if !supportLists]--><span lang=EN-GB style='mso-list:Ignore'>a.<span style='font:7.0pt "Times New Roman"'>       </span></span><!--[endif]--><i><span lang=EN-GB>two</span></i></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l1 level1 lfo1'><!--[if !supportLists]--><span lang=EN-GB><span style='mso-list:Ignore'>2.<span style='font:7.0pt "Times New Roman"'>       </span></span></span><!--[endif]--><span lang=EN-GB>three</span></p>`,
    '1. one\n   1. *two*\n2. three',
  ],
  [
    'Word, read by Safari',
    `<style class="WebKit-mso-list-quirks-style">\n<!--\n@list l0:level1\n\t{mso-level-number-format:bullet;}\n-->\n</style><p class="MsoListParagraphCxSpFirst" style="margin: 0cm 0cm 0.0001pt 36pt; text-indent: -18pt; mso-list: l0 level1 lfo1;"><span style="font-family: Symbol;"><span style="mso-list: Ignore;">·<span style="font-style: normal; font-size: 7pt; font-family: &quot;Times New Roman&quot;;">&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;</span></span></span>one</p><p class="MsoListParagraphCxSpLast" style="margin: 0cm 0cm 8pt 36pt;">more</p>`,
    '- one\n\n  more',
  ],
  [
    'Word, as a filtered page',
    `<p class=MsoListParagraphCxSpFirst style='text-indent:-.25in'><span style='font-family:Symbol'>·${room}</span>one</p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:1.0in;text-indent:-.25in'><span style='font-family:"Courier New"'>o${room}</span>two</p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:1.0in'>more of two</p>
<p class=MsoListParagraphCxSpLast style='text-indent:-.25in'>A.${room}three</p>`,
    '- one\n  - two\n\n    more of two\n\n1. three',
  ],
  [
    'Outlook',
    `<div class=WordSection1><p class=MsoNormal>Hello,<o:p></o:p></p>
<ol style='margin-top:0in' start=3 type=1><li class=MsoListParagraph style='margin-left:0in;mso-list:l0 level1 lfo1'>three<o:p></o:p></li>
<ul style='margin-top:0in' type=circle><li class=MsoListParagraph style='margin-left:0in;mso-list:l0 level2 lfo1'>four<o:p></o:p></li></ul></ol>
<p class=MsoListParagraph style='margin-left:1.0in'>more of four<o:p></o:p></p>
<p class=MsoListParagraph>more of three<o:p></o:p></p>
<ol style='margin-top:0in' start=4 type=1><li class=MsoListParagraph style='margin-left:0in;mso-list:l0 level1 lfo1'>five<o:p></o:p></li></ol>
<p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>Regards<o:p></o:p></p></div>`,
    'Hello,\n\n3. three\n\n   - four\n\n     more of four\n\n   more of three\n4. five\n\nRegards',
  ],
  [
    'Outlook on the web',
    `<div><p class="x_MsoNormal" style="margin: 0in; font-size: 11pt;">Hello,</p><p class="x_MsoListParagraph" style="margin: 0in 0in 0in 0.5in; text-indent: -0.25in;"><span style="font-family: Symbol;">·<span style="font: 7pt &quot;Times New Roman&quot;;">&nbsp;&nbsp;&nbsp;&nbsp; </span></span>one</p><p class="x_MsoListParagraph" style="margin: 0in 0in 0in 1in; text-indent: -0.25in;"><span style="font-family: &quot;Courier New&quot;;">o<span style="font: 7pt &quot;Times New Roman&quot;;">&nbsp;&nbsp; </span></span>two</p></div>`,
    'Hello,\n\n- one\n  - two',
  ],
  [
    'LibreOffice',
    `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.0 Transitional//EN"><html><head><meta name="generator" content="LibreOffice 24.2.1.2 (Linux)"/><style type="text/css">p { line-height: 115%; margin-bottom: 0.25cm }</style></head><body lang="en-US" dir="ltr"><ol start="3">
	<li><p style="line-height: 100%; margin-bottom: 0cm">three</p>
	<ul>
		<li><p style="line-height: 100%; margin-bottom: 0cm"><b>four</b></p></li>
	</ul></li>
	<li/>
<p>five</p>
</ol></body></html>`,
    '3. three\n   - **four**\n4. five',
  ],
])('of %s', (_what, html, markdown) => expect(toMarkdown(html)).toBe(markdown))

test('of Word for the web, where each item is in a list of its own', () => {
  const alone = (
    level: number,
    words: string,
    list = `ul class="BulletListStyle${level} SCXW81 BCX0"`,
  ): string =>
    `<div class="ListContainerWrapper SCXW81 BCX0" style="margin: 0px; position: relative; font-weight: 400;"><${list} role="list" style="margin: 0px; cursor: text;"><li data-leveltext="" data-font="Symbol" data-listid="1" aria-setsize="-1" data-aria-posinset="1" data-aria-level="${level}" role="listitem" class="OutlineElement Ltr SCXW81 BCX0" style="margin: 0px 0px 0px ${24 * level}px; display: block;"><p class="Paragraph SCXW81 BCX0" xml:lang="EN-US" paraid="1" style="margin: 0px; font-weight: normal;"><span data-contrast="auto" class="TextRun SCXW81 BCX0" style="margin: 0px; font-weight: normal;"><span class="NormalTextRun SCXW81 BCX0" style="margin: 0px;">${words}</span></span><span class="EOP SCXW81 BCX0" data-ccp-props="{&quot;134&quot;:0}" style="margin: 0px;">&nbsp;</span></p></li></${list.slice(0, 2)}></div>`
  const numbered = (start: number): string => `ol class="NumberListStyle1 SCXW81 BCX0" start="${start}"`
  const paragraph = `<div class="OutlineElement Ltr SCXW81 BCX0" style="margin: 0px;"><p class="Paragraph SCXW81 BCX0"><span class="TextRun SCXW81 BCX0">between</span><span class="EOP SCXW81 BCX0">&nbsp;</span></p></div>`
  expect(
    toMarkdown(
      alone(1, 'one') +
        alone(2, 'two') +
        alone(3, 'three') +
        alone(2, 'four') +
        alone(1, 'five') +
        paragraph +
        alone(1, 'six', numbered(6)) +
        alone(2, 'seven') +
        alone(1, 'eight', numbered(7)),
    ),
  ).toBe('- one\n  - two\n    - three\n  - four\n- five\n\nbetween\n\n6. six\n   - seven\n7. eight')
})

test('what is too long for a sign is not taken for one', () => {
  expect(toMarkdown(`<p class=MsoNormal>${'words '.repeat(9)}${room}and more</p>`)).toMatch(
    /^(?:words ){9}.*and more$/su,
  )
})
