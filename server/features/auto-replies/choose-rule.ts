import { holdsAt } from './hours.ts'
import { type IncomingEvent, matcherOf, matches, normalize } from './match.ts'
import type { Rule } from './rule.ts'
import { type RuleKind, ruleKinds } from './rule-kinds.ts'

/** Rules in the order in which they are asked. */
export function inOrder<R extends Rule>(rules: readonly R[]): R[] {
  const kind = (rule: R) => ruleKinds.indexOf(rule.kind)
  const match = (rule: R) => matches.indexOf(rule.match)
  return [...rules].sort(
    (a, b) => kind(a) - kind(b) || b.priority - a.priority || match(a) - match(b) || a.id - b.id,
  )
}

/**
 * Which of several rules wins. A keyword goes before the type of a message, and that before the rule for all else; of those alike
 * the first in order whose hours hold.
 * @param rules in order
 */
export function createChoice<R extends Rule>(
  rules: readonly R[],
): (incoming: IncomingEvent, at: Date) => R | undefined {
  const of = (kind: RuleKind) => rules.filter(rule => rule.enabled && rule.kind === kind)
  const enter = of('enter')
  const subscribe = of('subscribe')
  const others = of('default')
  const menu = byWord(of('menu'))
  const type = byWord(of('type'))
  const findKeyword = keywordFinder(of('keyword'))
  return (incoming, at) => {
    const holds = (rule: R) => holdsAt(rule.hours, at)
    if (incoming.kind === 'enter') return enter.find(holds)
    if (incoming.kind === 'subscribe') return subscribe.find(holds)
    if (incoming.kind === 'menu') return menu.get(incoming.key)?.find(holds)
    if (incoming.kind !== 'message') return undefined
    const keyword = incoming.type === 'text' ? findKeyword(incoming.text, holds) : undefined
    return keyword ?? type.get(incoming.type)?.find(holds) ?? others.find(holds)
  }
}

function byWord<R extends Rule>(rules: readonly R[]): Map<string, R[]> {
  const found = new Map<string, R[]>()
  for (const rule of rules)
    for (const word of rule.words) {
      const known = found.get(word)
      if (known) known.push(rule)
      else found.set(word, [rule])
    }
  return found
}

type ScannedRule<R> = { index: number; rule: R; fits: (text: string, normalized: string) => boolean }

/** Exact keywords are looked up; of the others only those are tried that are asked before the one that was found. */
function keywordFinder<R extends Rule>(rules: readonly R[]) {
  const exact = new Map<string, { index: number; rule: R }[]>()
  const scanned: ScannedRule<R>[] = []
  for (const [index, rule] of rules.entries()) {
    if (rule.match !== 'exact') scanned.push({ index, rule, fits: matcherOf(rule.match, rule.words) })
    else
      for (const word of new Set(rule.words.map(normalize))) {
        const known = exact.get(word)
        if (known) known.push({ index, rule })
        else exact.set(word, [{ index, rule }])
      }
  }
  return (text: string, holds: (rule: R) => boolean): R | undefined => {
    const normalized = normalize(text)
    const equal = exact.get(normalized)?.find(one => holds(one.rule))
    const before = equal?.index ?? Number.POSITIVE_INFINITY
    for (const { index, rule, fits } of scanned) {
      if (index > before) break
      if (fits(text, normalized) && holds(rule)) return rule
    }
    return equal?.rule
  }
}
