/** A run of text that is read as one: a paragraph, an item of a list, a cell of a table, a heading, a comment. */
export type Unit = { line: number; text: string; kind: 'heading' | 'cell' | 'prose' }

/** Stands for code and quotations, so that sentences keep their shape and a rule sees none of their words. */
export const code = 'CODE'

const blank = (text: string) => text.replaceAll(/[^\n]/g, ' ')

/** Replaces what is quoted, coded or an address; the number of lines stays. */
function withoutCode(text: string): string {
  return text
    .replaceAll(/(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, span => code + span.replaceAll(/[^\n]/g, ''))
    .replaceAll(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replaceAll(/\[([^\]]*)\]\([^)\s]*\)/g, '$1')
    .replaceAll(/\{@link \S+\}|https?:\/\/\S+/g, code)
    .replaceAll(/\*\*|<\/?[a-z][^>\n]*>/g, '')
    .replaceAll(/"[^"\n]{1,160}"/g, code)
}

/** Blocks between fences and comments of HTML, blanked. */
const withoutBlocks = (text: string) =>
  text.replaceAll(/^( *)(```+)[\s\S]*?^\1\2 *$/gm, blank).replaceAll(/<!--[\s\S]*?-->/g, blank)

const cells = (row: string) =>
  row
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)

/** Returns the units of a page in Markdown. Blocks of code are left out; quotations and inline code are `code`. */
export function unitsOfPage(markdown: string): Unit[] {
  const units: Unit[] = []
  let open: Unit | undefined
  for (const [index, line] of withoutCode(withoutBlocks(markdown)).split('\n').entries()) {
    const text = line.replace(/^[\s>]*/, '')
    if (text === '' || text.startsWith('|') || text.startsWith('#')) open = undefined
    if (text === '' || /^\|[\s:|-]+$/.test(text)) continue
    if (text.startsWith('#'))
      units.push({ line: index + 1, text: text.replace(/^#+ */, ''), kind: 'heading' })
    else if (text.startsWith('|'))
      units.push(...cells(text).map(cell => ({ line: index + 1, text: cell.trim(), kind: 'cell' as const })))
    else if (open && !/^(?:[-*]|\d+\.) /.test(text)) open.text += ` ${text}`
    else {
      open = { line: index + 1, text: text.replace(/^(?:[-*]|\d+\.) +/, ''), kind: 'prose' }
      units.push(open)
    }
  }
  return units
}

/** Joins the lines of one comment into units: an empty line, an item of a list or a tag begins the next. */
function unitsOfComment(lines: readonly string[], first: number): Unit[] {
  const units: Unit[] = []
  let open: Unit | undefined
  for (const [index, line] of lines.entries()) {
    const text = line.trim()
    if (text === '') open = undefined
    else if (open && !/^(?:[-*] |\d+\. |@\w)/.test(text)) open.text += ` ${text}`
    else {
      open = { line: first + index, text: text.replace(/^(?:[-*] |\d+\. |@\w+ *)/, ''), kind: 'prose' }
      units.push(open)
    }
  }
  return units
}

const isSwitch = /^\s*\/\/ *(?:biome-ignore|@ts-|#)/

/** Returns the units of the comments of a file of TypeScript: blocks, and lines that are comments as a whole. */
export function unitsOfComments(source: string): Unit[] {
  const units: Unit[] = []
  const lines = source.split('\n')
  for (let index = 0; index < lines.length; index++) {
    const first = index
    const held: string[] = []
    const block = /^\s*(?:[\w'"[\]?:<>|{(, ]+ )?\/\*\*?(.*)$/.exec(lines[index] ?? '')
    if (block) {
      let rest = block[1] ?? ''
      while (!rest.includes('*/') && index < lines.length - 1) {
        held.push(rest)
        rest = (lines[++index] ?? '').replace(/^\s*\*(?!\/) ?/, '')
      }
      held.push(rest.replace(/\*\/.*$/, ''))
    } else {
      while (/^\s*\/\/ /.test(lines[index] ?? '') && !isSwitch.test(lines[index] ?? ''))
        held.push((lines[index++] ?? '').replace(/^\s*\/\/ /, ''))
      if (held.length > 0) index--
    }
    if (held.length > 0) units.push(...unitsOfComment(withoutCode(held.join('\n')).split('\n'), first + 1))
  }
  return units
}

/** Splits at the ends of sentences; what is abbreviated or a number does not end one. */
export const sentencesOf = (text: string) =>
  text
    .split(
      /(?<=(?<!\b(?:e\.g|i\.e|vs|cf|No|St|etc))[.!?][)”]?)\s+(?=[\p{Lu}\p{Script=Han}“(])|(?<=[。！？][”）]?)/u,
    )
    .map(sentence => sentence.trim())
    .filter(Boolean)
