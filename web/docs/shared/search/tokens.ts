/**
 * What the search compares: pairs of neighbouring Chinese characters, and words and numbers, of which a name such as `devToken` is
 * known whole and by its parts.
 */
export function tokensOf(text: string): string[] {
  const tokens: string[] = []
  for (const [run] of text.normalize('NFKC').matchAll(/\p{Script=Han}+|[\p{L}\p{N}]+/gu)) {
    if (/\p{Script=Han}/u.test(run)) tokens.push(...mixed(run))
    else tokens.push(...wordsOf(run))
  }
  return tokens
}

/** A run of letters and digits may go over into Chinese without a blank, as in `发送API`. */
function mixed(run: string): string[] {
  return (run.match(/\p{Script=Han}+|[^\p{Script=Han}]+/gu) ?? []).flatMap(part =>
    /\p{Script=Han}/u.test(part) ? pairs([...part]) : wordsOf(part),
  )
}

function pairs(characters: readonly string[]): string[] {
  if (characters.length < 2) return [...characters]
  return characters.slice(1).map((one, at) => `${characters[at]}${one}`)
}

function wordsOf(run: string): string[] {
  const whole = run.toLowerCase()
  const parts = run
    .split(/(?<=[a-z\d])(?=[A-Z])|(?<=\p{L})(?=\d)/u)
    .map(one => one.toLowerCase())
    .filter(one => one.length > 1)
  return parts.length > 1 ? [whole, ...parts] : [whole]
}

export function isChinese(token: string): boolean {
  return /\p{Script=Han}/u.test(token)
}
