import { WecomError } from '../rules/errcodes.ts'
import type { CorpState } from '../state/state.ts'
import type { Approvals } from './approvals.ts'
import { readContents } from './check.ts'
import type { Approval, ApprovalTemplate, NewStep } from './records.ts'

export interface Submission {
  template: ApprovalTemplate
  slot: number
  contents: unknown
  /** Undefined: those of the template. */
  steps?: NewStep[] | undefined
  thirdNo?: string
  /** What is shown beside the form. */
  more?: Approval['contents']
}

type Place = {
  state: CorpState
  approvals: Approvals
  media: { get(id: string): unknown }
}

/** Submits for a member; without steps of the template it goes to their leader. Throws 301025. */
export function submit({ state, approvals, media }: Place, given: Submission): Approval {
  const { template, slot, contents, steps, thirdNo, more = [] } = given
  const { userid, department, main_department } = state.member(slot)
  return approvals.submit({
    template,
    applicant: userid,
    party: main_department || (department[0] ?? 1),
    steps: steps ?? (template.steps.length > 0 ? template.steps : [leaderOf(state, slot)]),
    contents: [...readContents(template.controls, contents, id => media.get(id) !== undefined), ...more],
    ...(thirdNo === undefined ? {} : { thirdNo }),
  })
}

/** The leader of the nearest department, else the first of all other members; nobody else: the applicant. */
function leaderOf(state: CorpState, slot: number): NewStep {
  for (const id of state.departmentsOf(slot))
    for (const above of state.upwards(id))
      for (const leader of state.leadersOf(above)) if (leader !== slot) return oneStep(state, leader)
  const other = state.userids.findIndex((userid, at) => userid !== undefined && at !== slot)
  return oneStep(state, other < 0 ? slot : other)
}

const oneStep = (state: CorpState, slot: number): NewStep => ({
  type: 1,
  rel: 2,
  userids: [state.userids[slot]!],
})

/** Steps of a call or of a script. Throws 301025 for a stranger. */
export function readSteps(
  state: CorpState,
  list: unknown,
  names: { rel: string; people: string },
): NewStep[] {
  if (!Array.isArray(list) || list.length === 0) throw new WecomError(301025, 'node_list')
  return list.map(one => {
    const { type = 1, [names.rel]: rel = 1, [names.people]: userids } = (one ?? {}) as Record<string, unknown>
    if (![1, 2, 3].includes(type as number) || ![1, 2, 3].includes(rel as number))
      throw new WecomError(301025, 'node_list')
    if (!Array.isArray(userids) || userids.length === 0) throw new WecomError(301025, 'node_list')
    const known = userids.map(userid => {
      const slot = state.slotOf(String(userid))
      if (slot === undefined) throw new WecomError(301025, `approver ${String(userid)}`)
      return state.userids[slot]!
    })
    return { type, rel, userids: known } as NewStep
  })
}
