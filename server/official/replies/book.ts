import type { Answer } from '../callback/answer.ts'
import { type Conflict, conflictsOf } from './conflicts.ts'
import { answerOf, type Content } from './content.ts'
import type { Flow } from './flows/flow.ts'
import { answered, begin, isOver, type Place } from './flows/walk.ts'
import { holdsAt } from './hours.ts'
import { type Incoming, matcherOf, matches, normalize } from './match.ts'
import { type Rule, type RuleKind, ruleKinds } from './rule.ts'

/** What is answered, and where in a flow the follower is then. `place` is undefined when it has not changed. */
export type Decision = {
  answer: Answer | undefined
  place?: Place | null
  rule: Rule | undefined
  flow: Flow | undefined
}

/** The rules and flows of an account, made ready for quick answers. */
export type Book = {
  /** In the order in which they are asked, with those that are disabled. */
  readonly rules: readonly Rule[]
  readonly flows: ReadonlyMap<number, Flow>
  /** Whether a follower can be in a flow at all. */
  readonly hasFlows: boolean
  find(incoming: Incoming, at: Date): Rule | undefined
  /** Found at the first question, since it takes some time with thousands of rules. */
  conflicts(): readonly Conflict[]
  /** `place` is where the follower is in a flow. */
  decide(incoming: Incoming, place: Place | undefined, at: Date): Decision
}

/** Rules in the order in which they are asked. */
export function inOrder(rules: readonly Rule[]): Rule[] {
  const kind = (rule: Rule) => ruleKinds.indexOf(rule.kind)
  const match = (rule: Rule) => matches.indexOf(rule.match)
  return [...rules].sort(
    (a, b) => kind(a) - kind(b) || b.priority - a.priority || match(a) - match(b) || a.id - b.id,
  )
}

type Scanned = { index: number; rule: Rule; fits: (text: string, normalized: string) => boolean }

export function createBook(all: readonly Rule[], flowList: readonly Flow[]): Book {
  const rules = inOrder(all)
  const flows = new Map(flowList.map(flow => [flow.id, flow]))
  const of = (kind: RuleKind) => rules.filter(rule => rule.enabled && rule.kind === kind)
  const subscribe = of('subscribe')
  const others = of('default')
  const menu = byWord(of('menu'))
  const type = byWord(of('type'))
  const findKeyword = keywordFinder(of('keyword'))
  let conflicts: Conflict[] | undefined

  const find = (incoming: Incoming, at: Date): Rule | undefined => {
    const holds = (rule: Rule) => holdsAt(rule.hours, at)
    if (incoming.kind === 'subscribe') return subscribe.find(holds)
    if (incoming.kind === 'menu') return menu.get(incoming.key)?.find(holds)
    if (incoming.kind !== 'message') return undefined
    const keyword = incoming.type === 'text' ? findKeyword(incoming.text, holds) : undefined
    return keyword ?? type.get(incoming.type)?.find(holds) ?? others.find(holds)
  }

  return {
    rules,
    flows,
    hasFlows: flowList.some(flow => flow.enabled),
    find,
    conflicts: () => (conflicts ??= conflictsOf(rules)),
    decide(incoming, place, at) {
      if (place && incoming.kind === 'unsubscribe')
        return { answer: undefined, place: null, rule: undefined, flow: undefined }
      const isInFlow = place !== undefined && incoming.kind === 'message'
      const flow = isInFlow ? flows.get(place.flowId) : undefined
      const walked = isInFlow ? answered(flow, place, incoming, at) : undefined
      if (flow && walked)
        return { answer: toAnswer(walked.contents, flow.name), place: walked.place, rule: undefined, flow }
      // What was in a flow and got no answer from it has left it.
      const left = isInFlow || (place && isOver(place, at)) ? { place: null } : {}
      return { ...left, ...byRule(find(incoming, at), at) }
    },
  }

  function byRule(rule: Rule | undefined, at: Date): Decision {
    if (!rule) return { answer: undefined, rule, flow: undefined }
    const flow = rule.flowId === null ? undefined : flows.get(rule.flowId)
    const own = rule.pick === 'one' ? oneOf(rule.contents) : rule.contents
    if (!flow?.enabled) return { answer: toAnswer(own, rule.name), rule, flow: undefined }
    const { contents, place } = begin(flow, at)
    return { answer: toAnswer([...own, ...contents], rule.name), place, rule, flow }
  }
}

function toAnswer(contents: readonly Content[], by: string): Answer | undefined {
  return contents.length > 0 ? answerOf(contents, by) : undefined
}

function oneOf(contents: readonly Content[]): Content[] {
  const one = contents[Math.floor(Math.random() * contents.length)]
  return one ? [one] : []
}

function byWord(rules: readonly Rule[]): Map<string, Rule[]> {
  const found = new Map<string, Rule[]>()
  for (const rule of rules)
    for (const word of rule.words) {
      const known = found.get(word)
      if (known) known.push(rule)
      else found.set(word, [rule])
    }
  return found
}

/** Exact keywords are looked up; of the others only those are tried that are asked before the one that was found. */
function keywordFinder(rules: readonly Rule[]) {
  const exact = new Map<string, { index: number; rule: Rule }[]>()
  const scanned: Scanned[] = []
  for (const [index, rule] of rules.entries()) {
    if (rule.match !== 'exact') scanned.push({ index, rule, fits: matcherOf(rule.match, rule.words) })
    else
      for (const word of new Set(rule.words.map(normalize))) {
        const known = exact.get(word)
        if (known) known.push({ index, rule })
        else exact.set(word, [{ index, rule }])
      }
  }
  return (text: string, holds: (rule: Rule) => boolean): Rule | undefined => {
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
