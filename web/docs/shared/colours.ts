/** A piece of code and what it is; '' is plain. The names are classes of docs.css, which the build's highlighter uses too. */
export type Piece = {
  text: string
  kind: '' | 'comment' | 'string' | 'number' | 'keyword' | 'attr' | 'literal'
}

const words =
  'import|from|package|func|var|const|let|await|async|return|if|else|throw|new|raise|with|as|using|public|static|void|class|throws|defer|panic|print|print_r|echo|curl'

const inJson = /("(?:[^"\\\n]|\\.)*"(?=\s*:))|("(?:[^"\\\n]|\\.)*")|(-?\b\d[\d.eE+-]*)|\b(true|false|null)\b/g
const inCode = new RegExp(
  `((?:^|(?<=\\s))//[^\\n]*|(?:^|(?<=\\s))#[^\\n]*)|("""[\\s\\S]*?"""|@"(?:[^"]|"")*"|"(?:[^"\\\\\\n]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*'|\`[^\`]*\`)|\\b(\\d+)\\b|\\b(${words})\\b`,
  'g',
)

/** Colours for an answer; what is not JSON stays plain. */
export function jsonPieces(text: string): Piece[] {
  return pieces(text, inJson, ['attr', 'string', 'number', 'literal'])
}

/** Colours for the snippets, in whichever of the seven languages. */
export function codePieces(text: string): Piece[] {
  return pieces(text, inCode, ['comment', 'string', 'number', 'keyword'])
}

function pieces(text: string, pattern: RegExp, kinds: readonly Piece['kind'][]): Piece[] {
  const list: Piece[] = []
  let at = 0
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) list.push({ text: text.slice(at, match.index), kind: '' })
    const group = match.slice(1).findIndex(one => one !== undefined)
    list.push({ text: match[0], kind: kinds[group] ?? '' })
    at = match.index + match[0].length
  }
  if (at < text.length) list.push({ text: text.slice(at), kind: '' })
  return list
}
