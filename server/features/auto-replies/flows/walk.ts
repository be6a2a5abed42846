import { type IncomingEvent, matcherOf, normalize } from '../match.ts'
import type { Flow, Step } from './flow.ts'

/** Where a person is in a flow: at a step that waits for an answer. */
export type FlowPosition = { flowId: number; stepId: string; taken: number; expiresAt: Date }

/** What a person is told, and where the person is then; null when the flow is over. */
export type FlowStep<Content> = { contents: Content[]; place: FlowPosition | null }

/** A flow that goes round and round is cut after so many steps. */
export const stepsTakenAtMost = 30

/** Enters a step, and goes on until one waits or ends. */
export function enter<Content>(
  flow: Flow<Content>,
  stepId: string,
  taken: number,
  at: Date,
): FlowStep<Content> {
  const contents: Content[] = []
  for (let step = stepOf(flow, stepId); step; ) {
    if (++taken > stepsTakenAtMost) return { contents, place: null }
    contents.push(...step.contents)
    const { next } = step
    if (next.type === 'wait') {
      const expiresAt = new Date(at.getTime() + flow.minutes * 60_000)
      return { contents, place: { flowId: flow.id, stepId: step.id, taken, expiresAt } }
    }
    step = next.type === 'go' ? stepOf(flow, next.to) : undefined
  }
  return { contents, place: null }
}

export function begin<Content>(flow: Flow<Content>, at: Date): FlowStep<Content> {
  return enter(flow, flow.steps[0]?.id ?? '', 0, at)
}

/**
 * What an answer leads to. Undefined when it is none of the flow's business: nobody waits any more, the step is gone, or the
 * person leaves the flow. Then the flow is over, and the rules answer.
 */
export function answered<Content>(
  flow: Flow<Content> | undefined,
  place: FlowPosition,
  incoming: IncomingEvent,
  at: Date,
): FlowStep<Content> | undefined {
  const step = flow && stepOf(flow, place.stepId)
  if (!flow?.enabled || step?.next.type !== 'wait' || isOver(place, at)) return undefined
  if (incoming.kind !== 'message') return undefined
  const { branches, otherwise } = step.next
  const { text } = incoming
  const normalized = normalize(text)
  const branch =
    incoming.type === 'text' && branches.find(({ match, words }) => matcherOf(match, words)(text, normalized))
  const to = branch ? branch.to : otherwise
  if (to === 'end') return { contents: [], place: null }
  if (to === 'leave' || place.taken >= stepsTakenAtMost) return undefined
  return enter(flow, to === 'again' ? step.id : to, place.taken, at)
}

export function isOver(place: FlowPosition, at: Date): boolean {
  return place.expiresAt <= at
}

function stepOf<Content>(flow: Flow<Content>, id: string): Step<Content> | undefined {
  return flow.steps.find(step => step.id === id)
}
