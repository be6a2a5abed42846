import type { Words } from '../../platform/words.ts'
import { compileRegex, normalize } from './match.ts'
import type { Rule } from './rule.ts'

/** `rule` never answers for some word, or never at all, because `other` is asked before it. */
export type Conflict = { ruleId: number; otherId: number; why: Words }

const perRule = 5

/**
 * Which rules stand in each other's way. `rules` are in the order in which they are asked. A rule that holds at some hours only
 * hides nothing, since the other answers at other hours.
 */
export function conflictsOf(rules: readonly Rule[]): Conflict[] {
  const found: Conflict[] = []
  const before = newTaken()
  for (const rule of rules) {
    if (!rule.enabled) continue
    const own = hiddenWords(rule, before)
    found.push(...own.slice(0, perRule))
    if (rule.hours === null) take(rule, before)
  }
  return found
}

/** What the rules so far answer always. */
type AnsweredPatterns = {
  exact: Map<string, Rule>
  contains: Map<string, Rule>
  longest: number
  regex: Map<string, Rule>
  /** Keys of the menu, types of messages, and the two kinds without words. */
  other: Map<string, Rule>
}

function newTaken(): AnsweredPatterns {
  return { exact: new Map(), contains: new Map(), longest: 0, regex: new Map(), other: new Map() }
}

function keysOf(rule: Rule): string[] {
  return rule.words.length > 0 ? rule.words.map(word => `${rule.kind} ${word}`) : [rule.kind]
}

function take(rule: Rule, taken: AnsweredPatterns): void {
  if (rule.kind !== 'keyword') {
    for (const key of keysOf(rule)) if (!taken.other.has(key)) taken.other.set(key, rule)
    return
  }
  for (const word of rule.words) {
    const key = rule.match === 'regex' ? word : normalize(word)
    if (!taken[rule.match].has(key)) taken[rule.match].set(key, rule)
    if (rule.match === 'contains') taken.longest = Math.max(taken.longest, key.length)
  }
}

function hiddenWords(rule: Rule, taken: AnsweredPatterns): Conflict[] {
  if (rule.kind !== 'keyword')
    return keysOf(rule).flatMap((key, n) => {
      const other = taken.other.get(key)
      return other ? [conflict(rule, other, sameOther(rule, rule.words[n], other))] : []
    })
  return rule.words.flatMap(word => {
    if (rule.match === 'regex') {
      const other = taken.regex.get(word)
      return other ? [conflict(rule, other, sameRegex(word, other))] : []
    }
    return hiddenKeyword(rule, word, taken)
  })
}

function hiddenKeyword(rule: Rule, word: string, taken: AnsweredPatterns): Conflict[] {
  const key = normalize(word)
  const same = rule.match === 'exact' ? taken.exact.get(key) : undefined
  if (same) return [conflict(rule, same, sameWord(word, same))]
  const container = containerOf(key, taken)
  if (container) return [conflict(rule, container.rule, contained(word, container.word, container.rule))]
  if (rule.match !== 'exact') return []
  for (const [pattern, other] of taken.regex)
    if (compileRegex(pattern).test(word)) return [conflict(rule, other, fitsRegex(word, pattern, other))]
  return []
}

/** A word that is part of `key` takes whatever contains `key`. Its parts are looked up, since there may be thousands of words. */
function containerOf(
  key: string,
  { contains, longest }: AnsweredPatterns,
): { word: string; rule: Rule } | undefined {
  for (let from = 0; from < key.length; from++)
    for (let to = from + 1; to <= Math.min(key.length, from + longest); to++) {
      const word = key.slice(from, to)
      const rule = contains.get(word)
      if (rule) return { word, rule }
    }
  return undefined
}

function conflict(rule: Rule, other: Rule, why: Words): Conflict {
  return { ruleId: rule.id, otherId: other.id, why }
}

const eventNames: Partial<Record<Rule['kind'], string>> = {
  enter: 'an entering',
  subscribe: 'a subscription',
}

function sameOther(rule: Rule, word: string | undefined, { name }: Rule): Words {
  const what = word === undefined ? '' : `“${word}”`
  return {
    zh: `${what}已由“${name}”回复，这条规则不会生效`,
    en: `${what || (eventNames[rule.kind] ?? 'this')} is answered by “${name}” already, so this rule never answers it`,
  }
}

const sameWord = (word: string, { name }: Rule): Words => ({
  zh: `关键词“${word}”与“${name}”相同，由后者回复`,
  en: `the keyword “${word}” is also in “${name}”, which answers`,
})

const contained = (word: string, part: string, { name }: Rule): Words => ({
  zh: `“${word}”包含“${name}”的关键词“${part}”，由后者回复`,
  en: `“${word}” contains “${part}” of “${name}”, which answers`,
})

const sameRegex = (pattern: string, { name }: Rule): Words => ({
  zh: `正则表达式“${pattern}”与“${name}”相同，由后者回复`,
  en: `the regular expression “${pattern}” is also in “${name}”, which answers`,
})

const fitsRegex = (word: string, pattern: string, { name }: Rule): Words => ({
  zh: `“${word}”符合“${name}”的正则表达式“${pattern}”，由后者回复`,
  en: `“${word}” fits the regular expression “${pattern}” of “${name}”, which answers`,
})
