import type { Words } from '../../platform/words.ts'
import type { Book, Decision } from './book.ts'
import { type FlowPosition, isOver } from './flows/walk.ts'
import { holdsAt, hoursInWords } from './hours.ts'
import { type IncomingEvent, type Match, matcherOf, normalize } from './match.ts'
import type { OwnerKind } from './owner.ts'
import type { Rule } from './rule.ts'

/** What becomes of one rule, and why. */
export type Verdict = { rule: Rule; answers: boolean; why: Words }
/** `timeout` is what the person was told before, because the time for an answer was up; '' for nothing. */
export type Simulation<Content> = { decision: Decision<Content>; verdicts: Verdict[]; timeout: string }

/** Answers as to a person, and writes nothing. */
export function simulate<Content>(
  { person }: OwnerKind<Content>,
  book: Book<Content>,
  incoming: IncomingEvent,
  place: FlowPosition | undefined,
  at: Date,
): Simulation<Content> {
  const decision = book.decide(incoming, place, at)
  const { rule: chosen, flow } = decision
  const verdicts = book.rules.map((rule): Verdict => {
    if (rule === chosen) return { rule, answers: true, why: answersBecause(rule) }
    const why = whyNot(rule, incoming, at)
    if (why) return { rule, answers: false, why }
    if (chosen) return { rule, answers: false, why: whyBehind(rule, chosen) }
    const name = flow?.name ?? ''
    return {
      rule,
      answers: false,
      why: {
        zh: `符合，但${person.zh}正在流程“${name}”中，由流程回复`,
        en: `it fits, but ${person.en} is in the flow “${name}”, which answers`,
      },
    }
  })
  const left = place && isOver(place, at) ? book.flows.get(place.flowId) : undefined
  return { decision, verdicts, timeout: left?.enabled ? left.timeoutText : '' }
}

/** Why a rule does not fit what has come in; undefined when it does. */
export function whyNot(rule: Rule, incoming: IncomingEvent, at: Date): Words | undefined {
  if (!rule.enabled) return { zh: '已停用', en: 'it is disabled' }
  const misfit = misfitOf(rule, incoming)
  if (misfit) return misfit
  if (holdsAt(rule.hours, at) || !rule.hours) return undefined
  const { zh, en } = hoursInWords(rule.hours)
  return { zh: `不在有效时段（${zh}）`, en: `it holds at other hours (${en})` }
}

const onlyFor: Partial<Record<Rule['kind'], Words>> = {
  enter: { zh: '只在进入时回复', en: 'it answers who enters only' },
  subscribe: { zh: '只回复关注', en: 'it answers subscriptions only' },
  menu: { zh: '只回复菜单点击', en: 'it answers clicks on the menu only' },
}

function misfitOf({ kind, match, words }: Rule, incoming: IncomingEvent): Words | undefined {
  if (kind === 'enter') return incoming.kind === 'enter' ? undefined : onlyFor.enter
  if (kind === 'subscribe') return incoming.kind === 'subscribe' ? undefined : onlyFor.subscribe
  if (kind === 'menu') {
    if (incoming.kind !== 'menu') return onlyFor.menu
    if (words.includes(incoming.key)) return undefined
    return { zh: `菜单键不是 ${words.join('、')}`, en: `the menu's key is not ${words.join(', ')}` }
  }
  if (incoming.kind !== 'message') return { zh: '只回复消息', en: 'it answers messages only' }
  if (kind === 'default') return undefined
  if (kind === 'type') {
    if (words.includes(incoming.type)) return undefined
    return { zh: `消息类型不是 ${words.join('、')}`, en: `the message is not of type ${words.join(', ')}` }
  }
  if (incoming.type !== 'text') return { zh: '只看文字消息', en: 'it looks at texts only' }
  return matcherOf(match, words)(incoming.text, normalize(incoming.text)) ? undefined : noMatch[match]
}

const noMatch: Record<Match, Words> = {
  exact: { zh: '文字不等于任何关键词', en: 'the text is none of its keywords' },
  contains: { zh: '文字不包含任何关键词', en: 'the text contains none of its keywords' },
  regex: { zh: '文字不符合正则表达式', en: 'the text does not fit its regular expressions' },
}

function answersBecause(rule: Rule): Words {
  switch (rule.kind) {
    case 'enter':
      return { zh: '进入时回复', en: 'it answers who enters' }
    case 'subscribe':
      return { zh: '关注时回复', en: 'it answers subscriptions' }
    case 'menu':
      return { zh: '菜单键相符', en: "it has the menu's key" }
    case 'type':
      return { zh: '消息类型相符', en: 'it answers messages of this type' }
    case 'default':
      return { zh: '没有其他规则符合，由默认回复', en: 'no other rule fits, so the default answers' }
    case 'keyword':
      return { zh: '文字符合关键词', en: 'the text fits its keywords' }
  }
}

function whyBehind(rule: Rule, chosen: Rule): Words {
  const { name } = chosen
  if (rule.kind !== chosen.kind)
    return {
      zh: `符合，但“${name}”属于更先的种类`,
      en: `it fits, but “${name}” is of a kind that is asked before`,
    }
  if (rule.priority !== chosen.priority)
    return {
      zh: `符合，但“${name}”的优先级更高（${chosen.priority} > ${rule.priority}）`,
      en: `it fits, but “${name}” has a higher priority (${chosen.priority} > ${rule.priority})`,
    }
  if (rule.match !== chosen.match)
    return {
      zh: `符合，但“${name}”的匹配方式更精确`,
      en: `it fits, but “${name}” matches more closely`,
    }
  return {
    zh: `符合，但“${name}”建得更早（优先级相同）`,
    en: `it fits, but “${name}” is older and has the same priority`,
  }
}
