/** What an element does to the text around it. The tag of an element that is not here is text, and stays. */
export type Effect =
  /** A blank line before and after it. */
  | 'paragraph'
  /** A line of its own. */
  | 'line'
  /** Nothing: its text goes on where it stands. */
  | 'inline'
  | 'list'
  | 'numbered'
  | 'item'
  | 'row'
  | 'cell'
  | 'break'
  | 'rule'
  | 'link'
  | 'picture'
  | 'as it stands'
  /** What is in it is nobody's to read. */
  | 'unread'

const BY_EFFECT: Readonly<Record<Effect, string>> = {
  paragraph: 'p h1 h2 h3 h4 h5 h6 blockquote dl table',
  line: 'html body header footer main nav section article aside div center address figure figcaption form fieldset legend details summary dt dd caption thead tbody tfoot optgroup option',
  inline:
    'span b strong i em u s strike del ins small big sub sup font code tt kbd samp var mark abbr acronym cite dfn q label bdi bdo time wbr button input select colgroup col head meta link base noscript o:p',
  list: 'ul menu dir',
  numbered: 'ol',
  item: 'li',
  row: 'tr',
  cell: 'td th',
  break: 'br',
  rule: 'hr',
  link: 'a',
  picture: 'img',
  'as it stands': 'pre textarea',
  unread: 'script style title',
}

/** HTML's elements that service desks write and mail programs paste, by name. */
export const ELEMENTS: ReadonlyMap<string, Effect> = new Map(
  Object.entries(BY_EFFECT).flatMap(([effect, names]) => names.split(' ').map(name => [name, effect as Effect] as const)),
)

/** Those that have no end, or whose end may be left out: they lie beside one another, not in one another. */
export const LIE_BESIDE: ReadonlySet<string> = new Set(
  'br hr img input col meta link base wbr p li dt dd option tr td th thead tbody tfoot colgroup html head body'.split(' '),
)
