import { code, sentencesOf, type Unit } from './prose.ts'

/** A sentence of English may have this many words. */
const mostWords = 35

const beginnings = /^(?:Who|Whoever|Of|Those|By|Beside|Without|Nothing but|What is)\b(?! default\b)/

const words: readonly [RegExp, string][] = [
  [/\b(somebody|anybody|nobody|whoever)\b/gi, 'name the actor: member, administrator, your program, wisp'],
  [/\banew\b/gi, 'again, new'],
  [/\bbeside\b/gi, 'next to'],
  [/\bmend(?:s|ed|ing)?\b/gi, 'fix, repair'],
  [/\bbeforehand\b/gi, 'in advance'],
  [/\bin earnest\b/gi, 'in production'],
  [/\bparted\b/gi, 'separated'],
  // The table of docs/words.md.
  [/\b(?:the|this|our) platform\b(?! (?:key|certificate|public))/gi, 'wisp, or the installation'],
  [/\blocal administrators?\b/gi, 'system super administrator'],
  [/\btenants?\b/gi, 'corp'],
  [
    /\b(?:dead|void) (?:tokens?|keys?|codes?|tickets?|sessions?|ones?|links?|jessionIds?)\b/gi,
    'expired, revoked',
  ],
]

/** Names of the sandbox's people and of the product, which are no labels. */
const names = /张三|李四|王五|赵六|微信一体化服务平台|企业微信|中文/g

/** Chinese without English next to it: `自建 (self-built)` and `WeCom apps (自建应用)` have it. */
function baldLabels(text: string): string[] {
  const bare = text
    .replaceAll(/\([^()]*\)/g, inner => (/[a-z]{2}/i.test(inner) ? '()' : ''))
    .replaceAll(names, '')
  return [...bare.matchAll(/\p{Script=Han}[\p{Script=Han}、“” →]*(?!\p{Script=Han})/gu)]
    .filter(found => !/^\s*\(\)/.test(bare.slice(found.index + found[0].trimEnd().length)))
    .map(found => found[0].trim())
}

const wordCount = (sentence: string) =>
  sentence.split(/\s+/).filter(word => /[\p{L}\p{N}]/u.test(word)).length

function wrongWithSentence(sentence: string, isPage: boolean): string[] {
  const begun = beginnings.exec(sentence)?.[0]
  const count = wordCount(sentence)
  const joints = sentence.match(/[;:](?=\s|$)/g)?.length ?? 0
  return [
    ...(begun && !sentence.endsWith('?') ? [`begins with “${begun}”: subject and verb first`] : []),
    ...(count > mostWords ? [`${count} words in a sentence, at most ${mostWords}`] : []),
    ...(isPage && joints > 1 ? [`${joints} of ; and : in a sentence, at most 1`] : []),
  ]
}

/** Which rules hold besides those of comments: of pages, and of labels that are Chinese. */
export type EnglishRules = { isPage: boolean; hasLabels: boolean }

/** Returns what is wrong with a unit of English. */
export function wrongInEnglish(unit: Unit, { isPage, hasLabels }: EnglishRules): string[] {
  const found = words.flatMap(([word, instead]) =>
    [...unit.text.matchAll(word)].map(match => `“${match[0]}”: ${instead}`),
  )
  const labels = hasLabels ? baldLabels(unit.text).map(label => `“${label}” has no English next to it`) : []
  // A cell of a few words is a label, as a heading is.
  const isLabel = unit.kind === 'heading' || (unit.kind === 'cell' && wordCount(unit.text) <= 4)
  if (isLabel || unit.text === code) return [...found, ...labels]
  return [...found, ...labels, ...sentencesOf(unit.text).flatMap(one => wrongWithSentence(one, isPage))]
}
