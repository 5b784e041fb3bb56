import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fieldText, fieldValue, harmless, journalText, saysTheSame } from './index.ts'
import { DEEPEST_HTML, LONGEST_HTML } from './text-of-html.ts'

const html = (text: string) => journalText(`[code]${text}[/code]`)

describe('what stands in angle brackets', () => {
  test.each([
    'Log on as <user> at <hostname> and restart',
    'Mail from Jan <jan.jansen@customer.example> of today',
    'if a<b and c>d then <b>both</b> hosts <srv01> and <srv02> are down',
    'grep "<error>" app.log<br>and the date',
    'Set <ReplicaCount>3</ReplicaCount> in <a href="x">config.xml</a>',
    '<p>text</p>\n<script>alert(1)</script>',
    'use &lt;tag&gt; and AT&T &amp; co',
    '[code without an end, and [code]<b>an unclosed one',
    'one[/code] two',
  ])('is text, letter by letter: %s', text => {
    expect(journalText(text)).toBe(text)
    expect(fieldText(text, false)).toBe(text)
  })

  test('[code] is markup in a journal, and nothing but text in a field', () => {
    expect(journalText('before [code]<b>one</b>[/code] between <host> [CODE]<i>two</i>[/Code] after')).toBe(
      'before one between <host> two after',
    )
    expect(fieldText('[code]<b>one</b>[/code]', false)).toBe('[code]<b>one</b>[/code]')
  })
})

describe('HTML that an agent pastes', () => {
  test.each([
    ['<p>Hello <b>all</b></p><p>Second</p>', 'Hello all\n\nSecond'],
    ['one\n\ntwo<br>three', 'one\n\ntwo\nthree'],
    ['Dear&nbsp;all,&nbsp;&nbsp;5 &lt; 6 &amp; 7 &#128512; &eacute; &bogus;', 'Dear all,  5 < 6 & 7 😀 é &bogus;'],
    ['<table><tr><td>10.0.0.1</td><td>443</td></tr><tr><td>10.0.0.2</td><td>8080</td></tr></table>', '10.0.0.1\t443\n10.0.0.2\t8080'],
    ['<table>\n <tr>\n  <td><p>a</p></td>\n  <td></td>\n  <td><div>c</div></td>\n </tr>\n</table>\nafter', 'a\t\tc\n\nafter'],
    ['<ol><li>stop</li><li>wait<ul><li>here<li>there</ul></ol>then', '1. stop\n2. wait\n  * here\n  * there\n\nthen'],
    ['See <a href="https://status.example/42">the page</a>', 'See the page [https://status.example/42]'],
    ['<a href="https://status.example/">status.example</a>, <a href="#top">up</a>', 'status.example, up'],
    ['<a href="https://status.example/42"></a>', 'https://status.example/42'],
    ['<img src="/x.do?sys_id=1" alt="screenshot of the error">', '[screenshot of the error]'],
    ['<img src="https://files.example/a/logo.png?size=2"><img src="data:image/png;base64,AAAA">', '[logo.png][picture]'],
    ['<style>p{color:red}</style><script>alert("<b>")</script><p>text</p><!-- no -->', 'text'],
    ['<pre>\n$ ls  -l\n    total 0\n</pre>done', '$ ls  -l\n    total 0\n\ndone'],
    [
      '<Config a="1">3</Config> <jan@customer.example> </nothing> a < b',
      '<Config a="1">3</Config> <jan@customer.example> </nothing> a < b',
    ],
    ['<b>bold</b> and <b unfinished', 'bold and <b unfinished'],
  ])('%s', (written, read) => {
    expect(html(written)).toBe(read)
  })

  test('is text as it was written where it is too long or too deep, and never fails', () => {
    const deep = (depth: number) => `${'<div>'.repeat(depth)}x${'</div>'.repeat(depth)}`
    expect(html(deep(DEEPEST_HTML))).toBe('x')
    for (const kept of [deep(DEEPEST_HTML + 1), deep(10_000), '<ul><li>'.repeat(3_000), 'x'.repeat(LONGEST_HTML + 1)])
      expect(html(kept)).toBe(`[code]${kept}[/code]`)
    expect(journalText(`${'[code]'.repeat(3_000)}<b>x</b>[/code]`)).toBe(`${'[code]'.repeat(2_999)}x`)
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...'< > / & ; # " = a \n [code] [/code] <p> <td> <a href= </a> <!-- <![CDATA[ <pre> x'.split(' '))),
        parts => {
          expect(journalText(parts.join(''))).toBeTypeOf('string')
        },
      ),
    )
  })
})

describe('a partner’s [code]', () => {
  const PIECES = ['[', ']', '/', 'code', 'Code', ' ', '\n', '［', '(', 'x', '[code]', '［code]', '[ / code ]', '<b>']

  test('reads alike, is as long, and switches nothing on', () => {
    expect(harmless('[code]<script>x</script>[/CODE] [codes] code]')).toBe('［code]<script>x</script>［/CODE] [codes] code]')
  })

  test('is read back as it was written, whatever it stands in', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }), pieces => {
        const text = pieces.join('')
        expect(harmless(text)).not.toMatch(/\[\s*\/?\s*code\s*\]/i)
        expect(journalText(harmless(text))).toBe(text)
        expect(fieldText(harmless(text), false)).toBe(text)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a field that ServiceNow declares as HTML', () => {
  test('shows what the partner wrote, and gives it back', () => {
    const PIECES = ['<b>', '&lt;', '&', '"', ' ', '  ', '\n', 'x', '[code]', '</p>', '<br />', '\u00a0y', '\t', '\r', '\u200b']
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }), pieces => {
        const text = `a${pieces.join('')}z`
        expect(fieldValue(text, true)).not.toMatch(/<(?!br \/>)|\[code/)
        expect(fieldText(fieldValue(text, true), true)).toBe(text.replaceAll('\r\n', '\n'))
      }),
      { numRuns: 1_000 },
    )
  })

  test('says the same in whatever way ServiceNow writes it', () => {
    expect(saysTheSame('a &lt; b@c<br />d', '<p>a &#60; b&#64;c<br>\nd</p>')).toBe(true)
    expect(saysTheSame('a &lt; b', 'a')).toBe(false)
  })

  test('that is too long stays as it is', () => {
    const long = `<p>${'x'.repeat(LONGEST_HTML)}</p>`
    expect(fieldText(long, true)).toBe(long)
  })
})
