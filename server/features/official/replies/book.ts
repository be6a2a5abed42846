import type { Answer } from '../callback/answer.ts'
import { createChoice, inOrder } from './choose-rule.ts'
import { type Conflict, conflictsOf } from './conflicts.ts'
import { answerOf, type Content } from './content.ts'
import type { Flow } from './flows/flow.ts'
import { answered, begin, isOver, type Place } from './flows/walk.ts'
import type { Incoming } from './match.ts'
import type { Rule } from './rule.ts'

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

export function createBook(all: readonly Rule[], flowList: readonly Flow[]): Book {
  const rules = inOrder(all)
  const flows = new Map(flowList.map(flow => [flow.id, flow]))
  const find = createChoice(rules)
  let conflicts: Conflict[] | undefined

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
