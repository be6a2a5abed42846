import {
  type ApprovalDetail,
  type ApprovalStatus,
  openStep,
} from '../../../upstream/wecom/approvals/detail.ts'

export const approvalActions = [
  'submitted',
  'approved',
  'rejected',
  'transferred',
  'returned',
  'added',
  'approvedAndAdded',
  'handled',
  'withdrawn',
  'revoked',
  'deleted',
  'paid',
  'moved',
] as const
export type ApprovalAction = (typeof approvalActions)[number]

/** A change of an approval. */
export type ApprovalChange = {
  action: ApprovalAction
  /** Of the approval after it. */
  status: ApprovalStatus
  /** The step that it is about, from 1; 0 for the submission. */
  step: number
  /** A userid, or '' where WeCom does not say who. */
  by: string
  /** Seconds since the epoch; 0 where WeCom does not say when. */
  at: number
}

/** So late an approval may still be met as if it were new. */
export const lateMs = 3 * 86_400_000

/**
 * Of what happened to an approval that wisp has not met before: what is told of it. Its events were silent (the template was added later, wisp
 * was away for long), and what is older than three days is past. A change without a time is of now where WeCom pushed
 * it, and as old as the approval where somebody asked for it.
 */
export function toldWhenMet(
  changes: readonly ApprovalChange[],
  { appliedAt, isAsked, now }: { appliedAt: number; isAsked: boolean; now: number },
): ApprovalChange[] {
  const since = (now - lateMs) / 1000
  return changes.filter(({ at }) => (at > 0 ? at : isAsked ? appliedAt : since) >= since)
}

/** What changes are read from. */
type Read = Pick<ApprovalDetail, 'applicant' | 'appliedAt' | 'status' | 'steps'>
type Fact = Omit<ApprovalChange, 'status'> & { key: string }

/**
 * What has changed since the keys of `told`, in order, and the keys from now on. Decisions stay once WeCom tells them, so that reading it
 * once or often, and whatever was missed in between, leads to the same changes. One that no person's decision explains (a withdrawal, a step
 * that came or went) is known by its key alone. A returned approval and an added approver make new steps, before others too: of a
 * decision it counts who made it and when, and not in which step.
 */
export function changesSince(
  told: readonly string[],
  detail: Read,
): { changes: ApprovalChange[]; told: string[] } {
  const known = new Set(told)
  const isKnown = knownDecisions(told)
  const facts = factsOf(detail).filter(one => !isKnown(one.key) && !known.has(one.key))
  const end = endOf(detail)
  const open = openKey(detail)
  const keys = [...facts.map(one => one.key), ...(end ? [end.key] : [open])]
  const isEnding = end !== undefined && !known.has(end.key)
  const last = facts.at(-1)
  const isExplained = isEnding && last !== undefined && explains(last.action, end.action)
  const more: Fact[] = []
  if (isEnding && !isExplained) more.push(end)
  else if (!isEnding && facts.length === 0 && !end && !known.has(open)) more.push(moved(detail, open))
  const all = [...facts, ...more]
  const statusAfter = (fromEnd: number) => {
    if (fromEnd === -1) return detail.status
    return fromEnd === -2 && more.length > 0 ? beforeOf(detail.status) : 'pending'
  }
  const changes = all.map(({ key: _, ...fact }, at) => ({
    ...fact,
    status: statusAfter(at - all.length),
  }))
  // Of open steps only the latest counts: one that comes back is a change again.
  const kept = told.filter(key => !key.startsWith('open '))
  return { changes, told: [...new Set([...kept, ...keys])] }
}

/** The last decision that ends an approval is told once: as the decision. */
const explains = (last: ApprovalAction, end: ApprovalAction): boolean =>
  last === end || (last === 'handled' && end === 'approved')

/** Whether a decision was told, whatever its step was then. Ask once for each, in order: auto-approval decides two steps in the same second. */
function knownDecisions(told: readonly string[]): (key: string) => boolean {
  const decisionOf = (key: string) => /^\d+ (.+)$/.exec(key)?.[1]
  const left = new Map<string, number>()
  for (const decision of told.flatMap(key => decisionOf(key) ?? []))
    left.set(decision, (left.get(decision) ?? 0) + 1)
  return key => {
    const decision = decisionOf(key)
    const count = decision === undefined ? 0 : (left.get(decision) ?? 0)
    if (decision !== undefined && count > 0) left.set(decision, count - 1)
    return count > 0
  }
}

/** What it was before its last change. */
const beforeOf = (status: ApprovalStatus): ApprovalStatus =>
  status === 'revoked' || status === 'paid' ? 'approved' : 'pending'

function factsOf({ applicant, appliedAt, steps }: Read): Fact[] {
  const decided = steps.flatMap(({ kind, people }, index) =>
    kind === 'copy'
      ? []
      : people.flatMap(({ userId, status, at }): Fact[] =>
          status === 'pending' || status === 'other'
            ? []
            : [
                {
                  key: `${index + 1} ${userId.toLowerCase()} ${status} ${at}`,
                  action: status,
                  step: index + 1,
                  by: userId,
                  at,
                },
              ],
        ),
  )
  // Times have seconds: what is of the same second stays in the order of the steps.
  decided.sort((a, b) => a.at - b.at)
  return [{ key: 'submitted', action: 'submitted', step: 0, by: applicant, at: appliedAt }, ...decided]
}

function endOf({ status, applicant, steps }: Read): Fact | undefined {
  if (status === 'pending') return undefined
  const isApplicants = status === 'withdrawn' || status === 'revoked'
  return {
    key: `end ${status}`,
    action: status,
    step: steps.length,
    by: isApplicants ? applicant : '',
    at: 0,
  }
}

function openKey(detail: Read): string {
  const step = openStep(detail) ?? 0
  const people = detail.steps[step - 1]?.people.filter(one => one.status === 'pending') ?? []
  return `open ${step} ${people.map(one => one.userId.toLowerCase()).sort()}`
}

const moved = (detail: Read, key: string): Fact => ({
  key,
  action: 'moved',
  step: openStep(detail) ?? 0,
  by: '',
  at: 0,
})
