import { createChoice, inOrder } from './choose-rule.ts'
import { type Conflict, conflictsOf } from './conflicts.ts'
import type { Flow } from './flows/flow.ts'
import { answered, begin, type FlowPosition, isOver } from './flows/walk.ts'
import type { IncomingEvent } from './match.ts'
import type { Rule } from './rule.ts'

/** What is answered, and where in a flow the person is then. `place` is undefined when it has not changed. */
export type Decision<Content> = Utterance<Content> & {
  place?: FlowPosition | null
  rule: Rule<Content> | undefined
  flow: Flow<Content> | undefined
}
/** `by` is the name of the rule or flow whose words these are. Without contents nothing is answered. */
export type Utterance<Content> = { contents: readonly Content[]; by: string }

/** The rules and flows of an owner, made ready for quick answers. */
export type Book<Content> = {
  /** In the order in which they are asked, with those that are disabled. */
  readonly rules: readonly Rule<Content>[]
  readonly flows: ReadonlyMap<number, Flow<Content>>
  /** Whether a person can be in a flow at all. */
  readonly hasFlows: boolean
  find(incoming: IncomingEvent, at: Date): Rule<Content> | undefined
  /** Found at the first question, since it takes some time with thousands of rules. */
  conflicts(): readonly Conflict[]
  /** `place` is where the person is in a flow. */
  decide(incoming: IncomingEvent, place: FlowPosition | undefined, at: Date): Decision<Content>
}

export function createBook<Content>(
  all: readonly Rule<Content>[],
  flowList: readonly Flow<Content>[],
): Book<Content> {
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
        return { ...silence, place: null, rule: undefined, flow: undefined }
      const isInFlow = place !== undefined && incoming.kind === 'message'
      const flow = isInFlow ? flows.get(place.flowId) : undefined
      const walked = isInFlow ? answered(flow, place, incoming, at) : undefined
      if (flow && walked)
        return { contents: walked.contents, by: flow.name, place: walked.place, rule: undefined, flow }
      // What was in a flow and got no answer from it has left it.
      const left = isInFlow || (place && isOver(place, at)) ? { place: null } : {}
      return { ...left, ...byRule(find(incoming, at), at) }
    },
  }

  function byRule(rule: Rule<Content> | undefined, at: Date): Decision<Content> {
    if (!rule) return { ...silence, rule, flow: undefined }
    const by = rule.name
    const flow = rule.flowId === null ? undefined : flows.get(rule.flowId)
    const own = rule.pick === 'one' ? oneOf(rule.contents) : rule.contents
    if (!flow?.enabled) return { contents: own, by, rule, flow: undefined }
    const { contents, place } = begin(flow, at)
    return { contents: [...own, ...contents], by, place, rule, flow }
  }
}

const silence = { contents: [], by: '' }

function oneOf<Content>(contents: readonly Content[]): Content[] {
  const one = contents[Math.floor(Math.random() * contents.length)]
  return one === undefined ? [] : [one]
}
