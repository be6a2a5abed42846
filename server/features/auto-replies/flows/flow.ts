import { type Static, type TSchema, Type } from 'typebox'
import { ApiError } from '../../../platform/http/errors.ts'
import { readName } from '../../../platform/http/rules.ts'
import { own, told, wordsOfOthers } from '../../../platform/http/told.ts'
import { type Match, matcherOf, matches, normalize } from '../match.ts'
import type { OwnerKind } from '../owner.ts'
import { checkKeywords } from '../rule.ts'

const stepId = Type.String({ pattern: '^[A-Za-z0-9_-]{1,32}$' })
const stepsInFlow = 50
const minutesAtMost = 2880

/** Words that lead to another step, or to the end. */
const branchSchema = Type.Object({
  match: Type.Enum(matches),
  words: Type.Array(Type.String({ maxLength: 300 }), { maxItems: 100 }),
  to: stepId,
})

/**
 * `otherwise` is where an answer leads that fits no branch: a step, `end`, `again` (asks once more), or `leave` (ends the flow, and
 * the rules answer). The name `end` is nobody's step.
 */
const nextSchema = Type.Union([
  Type.Object({
    type: Type.Literal('wait'),
    branches: Type.Array(branchSchema, { maxItems: 20 }),
    otherwise: stepId,
  }),
  Type.Object({ type: Type.Literal('go'), to: stepId }),
  Type.Object({ type: Type.Literal('end') }),
])

const ownFields = {
  name: Type.String({ maxLength: 64 }),
  /** How long an answer is waited for. */
  minutes: Type.Integer({ minimum: 1, maximum: minutesAtMost }),
  /** What the person is told when no answer came in time; '' for nothing. */
  timeoutText: Type.String({ maxLength: 8192 }),
  enabled: Type.Boolean(),
}
const ownSchema = Type.Object(ownFields)

export type Branch = Static<typeof branchSchema>
/** A step says something and then waits for an answer, goes on at once, or ends the flow. */
export type Step<Content = unknown> = { id: string; contents: Content[]; next: Static<typeof nextSchema> }
/** The first step is the beginning. */
export type NewFlow<Content = unknown> = Static<typeof ownSchema> & { steps: Step<Content>[] }
export type Flow<Content = unknown> = NewFlow<Content> & { readonly id: number }

/** `content` is one of the messages that a step can say. */
export const flowFieldsOf = <Content extends TSchema>(content: Content) => ({
  ...ownFields,
  steps: Type.Array(
    Type.Object({ id: stepId, contents: Type.Array(content, { maxItems: 20 }), next: nextSchema }),
    { minItems: 1, maxItems: stepsInFlow },
  ),
})

export const flowsAtMost = 100
/** What `to` and `otherwise` may say beside the id of a step. */
const reserved = new Set(['end', 'again', 'leave'])

/** Throws 1000 and 1001, naming the step. */
export function readFlow<Content>(kind: OwnerKind<Content>, given: NewFlow<Content>): NewFlow<Content> {
  const name = readName(given.name)
  const byId = new Map(given.steps.map(step => [step.id, step]))
  if (byId.size < given.steps.length) throw bad({ zh: '步骤的编号有重复', en: 'two steps have the same id' })
  for (const step of given.steps) checkStep(kind, step, byId)
  checkChains(kind, given.steps, byId)
  const reached = reachedFrom(given.steps[0] as Step<Content>, byId)
  const lost = given.steps.find(step => !reached.has(step.id))
  if (lost)
    throw bad({
      zh: `步骤 ${lost.id} 永远不会到达`,
      en: `no way leads to step ${lost.id}`,
    })
  if (![...reached].some(id => endsAt(byId.get(id) as Step<Content>)))
    throw bad({ zh: '流程没有结束：没有一步能走到结尾', en: 'the flow never ends: no step leads to the end' })
  if (given.timeoutText) kind.checkTimeout(given.timeoutText, given.minutes)
  return { ...given, name }
}

/** The regular expressions of a flow's branches, which count towards the owner's limit. */
export function regexesOf({ steps }: NewFlow): string[] {
  const branches = steps.flatMap(({ next }) => (next.type === 'wait' ? next.branches : []))
  return branches.flatMap(({ match, words }) => (match === 'regex' ? words : []))
}

function checkStep<Content>(
  kind: OwnerKind<Content>,
  step: Step<Content>,
  byId: ReadonlyMap<string, Step>,
): void {
  const name = `steps[${step.id}]`
  if (reserved.has(step.id))
    throw bad({ zh: `步骤不能叫 ${step.id}`, en: `a step cannot be called ${step.id}` })
  kind.checkContents(step.contents, 'message', `${name}.contents`)
  const { next } = step
  if (step.contents.length === 0 && next.type === 'wait')
    throw bad({ zh: `步骤 ${step.id} 没有提问就等待回答`, en: `step ${step.id} waits without having asked` })
  const targets = targetsOf(step).filter(to => !reserved.has(to))
  const unknown = targets.find(to => !byId.has(to))
  if (unknown !== undefined)
    throw bad({
      zh: `步骤 ${step.id} 指向不存在的步骤 ${unknown}`,
      en: `step ${step.id} leads to ${unknown}, which is no step`,
    })
  if (next.type === 'go' && reserved.has(next.to))
    throw bad({ zh: `步骤 ${step.id} 应指向另一个步骤`, en: `step ${step.id} should lead to another step` })
  if (next.type === 'wait') checkBranches(step.id, next.branches)
}

/** Two branches that take the same word are a mistake: the second is never taken. */
function checkBranches(step: string, branches: readonly Branch[]): void {
  for (const [index, { match, words, to }] of branches.entries()) {
    const name = `steps[${step}].branches[${index}].words`
    if (words.length === 0) throw new ApiError('missingParameter', told`${own(name)}`)
    checkKeywords(match, words, name)
    if (to === 'again' || to === 'leave')
      throw bad({
        zh: `步骤 ${step} 的分支应指向步骤或 end`,
        en: `a branch of step ${step} should lead to a step or to end`,
      })
    for (const earlier of branches.slice(0, index)) {
      const taken = words.find(word => takes(earlier, match, word))
      if (taken !== undefined)
        throw bad({
          zh: `步骤 ${step} 的分支冲突：“${taken}” 已被前面的分支 “${earlier.words.join('、')}” 匹配`,
          en: `branches of step ${step} conflict: “${taken}” is taken by the earlier branch “${earlier.words.join(', ')}”`,
        })
    }
  }
}

/** Whether everything that a word of a later branch matches goes to the earlier one. */
function takes(earlier: Branch, match: Match, word: string): boolean {
  if (match === 'regex') return earlier.match === 'regex' && earlier.words.includes(word)
  if (earlier.match === 'regex') return match === 'exact' && matcherOf('regex', earlier.words)(word, word)
  if (earlier.match === 'exact')
    return match === 'exact' && matcherOf('exact', earlier.words)('', normalize(word))
  return matcherOf('contains', earlier.words)('', normalize(word))
}

/** Steps that go on at once must come to a stop, and say no more than can be said at a time. */
function checkChains<Content>(
  kind: OwnerKind<Content>,
  steps: readonly Step<Content>[],
  byId: ReadonlyMap<string, Step<Content>>,
): void {
  for (const first of steps) {
    const seen = new Set<string>()
    const said: Content[] = []
    for (
      let step: Step<Content> | undefined = first;
      step;
      step = step.next.type === 'go' ? byId.get(step.next.to) : undefined
    ) {
      if (seen.has(step.id))
        throw bad({
          zh: `流程在步骤 ${step.id} 处循环，不等待回答`,
          en: `the flow goes round at step ${step.id} without waiting for an answer`,
        })
      seen.add(step.id)
      said.push(...step.contents)
    }
    kind.checkChain(first.id, said)
  }
}

function reachedFrom(first: Step, byId: ReadonlyMap<string, Step>): Set<string> {
  const reached = new Set<string>()
  const open = [first]
  for (let step = open.pop(); step; step = open.pop()) {
    if (reached.has(step.id)) continue
    reached.add(step.id)
    for (const to of targetsOf(step)) {
      const target = byId.get(to)
      if (target) open.push(target)
    }
  }
  return reached
}

function targetsOf({ next }: Step): string[] {
  if (next.type === 'wait') return [...next.branches.map(branch => branch.to), next.otherwise]
  return next.type === 'go' ? [next.to] : []
}

function endsAt(step: Step): boolean {
  return step.next.type === 'end' || targetsOf(step).some(to => to === 'end' || to === 'leave')
}

function bad(why: { zh: string; en: string }): ApiError {
  return new ApiError('badParameter', wordsOfOthers(why))
}
