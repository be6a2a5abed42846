import { type Approval, type Approver, current, holders, type Step, type StepStatus } from './records.ts'

/** What somebody who has an approval does with it. */
export const decisions = ['agree', 'reject', 'transfer', 'return', 'add', 'agreeAndAdd'] as const
export type Decision = (typeof decisions)[number]
/** What is told of it: what is to be handled is not agreed. */
export type DecisionKind = Decision | 'handle' | 'handOver'

export interface DecisionInput {
  act: Decision
  userid: string
  /** Who gets it: at a transfer, at a return, and who is added. */
  to: string | undefined
  text: string
  /** In seconds. */
  at: number
}

/**
 * Decides about the step that waits. A return and an added approver make new steps behind it (docs/upstream/wecom-approvals.md#reading). Throws an
 * Error with words for who may not.
 */
export function decide(approval: Approval, { act, userid, to, text, at }: DecisionInput): DecisionKind {
  const step = current(approval)
  const own = step && holders(step).find(one => one.userid === userid)
  if (!step || !own) throw new Error(`it is not with ${userid}`)
  const isHandled = step.type === 3
  const isNew = act === 'return' || act === 'add' || act === 'agreeAndAdd'
  if (isNew && (isHandled || approval.flow === 'own'))
    throw new Error(`${act} is for approvers of 审批 alone`)
  own.at = at
  own.speech = text
  if (act === 'reject') {
    own.status = step.status = approval.status = 3
    return act
  }
  if (act === 'agree') {
    own.status = isHandled ? 14 : 2
    finish(approval, step, own.status)
    return isHandled ? 'handle' : act
  }
  if (!to) throw new Error('to is missing')
  if (act === 'transfer') {
    own.status = isHandled ? 15 : 4
    step.people.splice(step.people.indexOf(own) + 1, 0, asked(to))
    return isHandled ? 'handOver' : act
  }
  if (act === 'return') giveBack(approval, step, own, to)
  else if (act === 'add') addBefore(approval, step, own, to)
  else {
    own.status = 13
    putBehind(approval, step, [{ type: 1, rel: 2, status: 1, people: [asked(to)] }])
    finish(approval, step, step.people.length === 1 ? 13 : 2)
  }
  return act
}

const asked = (userid: string): Approver => ({ userid, speech: '', status: 1, at: 0 })
const agreed: ReadonlySet<StepStatus> = new Set([2, 13, 14])

function finish(approval: Approval, step: Step, status: StepStatus): void {
  if (step.rel === 2 || step.people.every(one => one.status !== 1)) step.status = status
  if (!current(approval)) approval.status = 2
}

function putBehind({ steps }: Approval, step: Step, more: Step[]): void {
  steps.splice(steps.indexOf(step) + 1, 0, ...more)
}

/** Returns it to somebody who agreed before: from there on all steps are gone through once more. */
function giveBack(approval: Approval, step: Step, own: Approver, to: string): void {
  const before = approval.steps.slice(0, approval.steps.indexOf(step))
  const first = before.findLastIndex(one =>
    one.people.some(who => who.userid === to && agreed.has(who.status)),
  )
  if (first < 0) throw new Error(`${to} did not agree before`)
  const between = before.slice(first + 1).filter(one => one.type !== 2 && one.status !== 12)
  own.status = step.status = 11
  putBehind(approval, step, [
    { ...before[first]!, status: 1, people: [asked(to)] },
    ...[...between, step].map(again),
  ])
}

/** The step with whom it was at last. */
function again({ type, rel, people }: Step): Step {
  const last = people.filter(one => one.status !== 4 && one.status !== 15)
  return { type, rel, status: 1, people: last.map(one => asked(one.userid)) }
}

/** Somebody else decides first, and then those who had it. */
function addBefore(approval: Approval, step: Step, own: Approver, to: string): void {
  own.status = 12
  step.status = 12
  const rest = step.people.filter(one => one.status === 1)
  step.people = step.people.filter(one => one.status !== 1)
  putBehind(approval, step, [
    { type: 1, rel: 2, status: 1, people: [asked(to)] },
    { type: step.type, rel: step.rel, status: 1, people: [asked(own.userid), ...rest] },
  ])
}
