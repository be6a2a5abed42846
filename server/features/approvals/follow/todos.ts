import { userKey } from '../../../organisation/directory/mirror/members.ts'
import type { Db } from '../../../platform/storage/db.ts'
import {
  type ApprovalDetail,
  holdersOf,
  openStep,
  type StepStatus,
} from '../../../upstream/wecom/approvals/detail.ts'
import { type PutItem, writeTodos } from '../../todos/put-todos.ts'
import type { WritingTodos } from '../../todos/tell-of-todos.ts'
import type { TodoState } from '../../todos/todo.ts'
import type { ApprovalRow } from '../store.ts'

/** Shown as where a to-do comes from. */
export const todoProcess = '企业微信审批'

const stepWords = { approve: '审批', handle: '办理', copy: '抄送' } as const
const titleAtMost = 200
/** After these their to-do is done; one that was handed over, or for which somebody else was added, is withdrawn. */
const deciding: ReadonlySet<StepStatus> = new Set([
  'approved',
  'rejected',
  'returned',
  'approvedAndAdded',
  'handled',
])

/**
 * Makes the to-dos of an approval those of the people who have it now; returns whose are open. Nobody is told of them, since WeCom tells. They
 * belong to the app that they began in.
 */
export async function followTodos(
  tx: Db,
  ctx: WritingTodos,
  row: Pick<ApprovalRow, 'corpId' | 'no' | 'openTodos'> & { appId: string | null },
  detail: Pick<ApprovalDetail, 'applicant' | 'appliedAt' | 'name' | 'status' | 'steps'>,
  at: Date,
): Promise<number[]> {
  const { corpId, no, openTodos, appId } = row
  const app = appId === null ? undefined : ctx.apps.find(appId)
  if (!app) return []
  const { members } = ctx.mirrors.of(corpId)
  const memberIdOf = (userId: string) => members.byKey(userKey(userId))?.id
  const holders = new Set(holdersOf(detail).flatMap(userId => memberIdOf(userId) ?? []))
  const decided = new Set(
    detail.steps.flatMap(step =>
      step.people.filter(one => deciding.has(one.status)).flatMap(one => memberIdOf(one.userId) ?? []),
    ),
  )
  const applicant = members.byKey(userKey(detail.applicant))?.name ?? detail.applicant
  const step = openStep(detail)
  const kind = detail.steps[(step ?? detail.steps.length) - 1]?.kind ?? 'approve'
  const rowFor = (memberId: number): PutItem['row'] => {
    const ended: TodoState = decided.has(memberId) ? 'done' : 'withdrawn'
    return {
      appId: app.id,
      todoNo: `wecom-approval:${no}`,
      memberId,
      kind: 'todo',
      state: holders.has(memberId) ? 'open' : ended,
      title: `${applicant}提交的${detail.name}`.slice(0, titleAtMost),
      pcUrl: app.homeUrl,
      mobileUrl: app.mobileUrl,
      sender: applicant,
      process: todoProcess,
      step: stepWords[kind],
      content: '',
      priority: 0,
      dueAt: null,
      finishBy: 'app',
      notify: false,
      version: null,
      createdAt: new Date(detail.appliedAt * 1000),
    }
  }
  const wanted = [...new Set([...openTodos, ...holders])].map((memberId, index) => ({
    index,
    row: rowFor(memberId),
  }))
  await writeTodos(tx, ctx, corpId, wanted, at)
  return [...holders]
}
