import { Type } from 'typebox'
import { viewOf } from '../../../organisation/directory/read/view.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { fieldsOf } from '../../../platform/http/wire.ts'
import {
  type EventContents,
  entriesOf,
  type NumberedEvent,
} from '../../../platform/manifest/event-content.ts'
import type { EventTypes } from '../../../platform/manifest/event-type.ts'
import { approvalStatuses } from '../../../upstream/wecom/approvals/detail.ts'
import { approvalShape, shownUser, viewOfApproval } from '../approval-view.ts'
import { maySee } from '../may-see.ts'
import type { ApprovalNeeds } from '../needs.ts'
import { grantsOf } from '../setup/setup-store.ts'
import { findByIds } from '../store.ts'
import { type ApprovalChange, approvalActions } from './changes.ts'

const { spNo, thirdNo, templateId, name, userId, requestId } = approvalShape

const changeSchema = Type.Object({
  spNo,
  thirdNo,
  templateId,
  name,
  userId,
  requestId,
  action: Type.Enum([...approvalActions], {
    about: {
      zh: 'submitted 提交；approved 同意；rejected 驳回；transferred 转审或转交；returned 退回给以前的审批人；added 加签；approvedAndAdded 同意并加签；handled 办理；withdrawn 撤销；revoked 通过后撤销；deleted 删除；paid 支付；moved 环节或处理人变化',
      en: 'submitted, approved, rejected, transferred, returned (to an earlier approver), added (another approver), approvedAndAdded, handled, withdrawn, revoked, deleted, paid; moved: another step, or other people have it',
    },
  }),
  status: Type.Enum([...approvalStatuses], {
    about: { zh: '此变化之后审批的状态', en: 'State of the approval after this change' },
  }),
  step: Type.Integer({ about: { zh: '环节，从 1 起；提交为 0', en: 'Step, from 1; 0 for the submission' } }),
  waitsFor: Type.Array(Type.String(), {
    about: {
      zh: '送达此事件时由谁处理',
      en: 'Who has the approval at the moment when this event is delivered',
    },
  }),
  by: Type.String({
    about: {
      zh: '谁；不在数据范围内或企业微信没有说明时为空',
      en: 'Who did it; empty outside the data scope, or where WeCom does not say',
    },
  }),
  at: Type.String({ about: { zh: '时间', en: 'When' } }),
})

export const approvalEvents = {
  'approval.changed': {
    title: { zh: '审批有变化', en: 'An approval changed' },
    when: {
      zh: '每次提交、同意、驳回、转审、退回、加签、撤销等各一次，同一审批按顺序；催办和备注没有事件。只告诉提交它的开发者，和获准查看该模板全部审批的开发者',
      en: 'Once for each submission, decision, hand-over, return, added approver and withdrawal, those of one approval in order; not for urging and comments. Told to the developer who submitted it, and to those who may see all approvals of the template',
    },
    scope: 'approval:read',
    data: changeSchema,
    sample: {
      spNo: '20261203000000000017',
      thirdNo: '',
      templateId: 'C4UFFvFYT…',
      name: '请假',
      userId: 'zhangsan',
      requestId: 'leave-118',
      action: 'approved',
      status: 'approved',
      step: 1,
      waitsFor: [],
      by: 'lisi',
      at: '2026-12-03T02:00:00.000Z',
    },
  },
} as const satisfies EventTypes

/** The contents of `approval.changed`, as its developer may see the approval now. */
export async function readApprovals(
  ctx: ApprovalNeeds,
  caller: Caller,
  rows: readonly NumberedEvent[],
): Promise<EventContents> {
  const own = rows.filter(row => row.type === 'approval.changed')
  if (own.length === 0) return []
  const ids = [...new Set(own.map(row => Number(row.data['approvalId'])))]
  const approvals = new Map((await findByIds(ctx.db, caller.corpId, ids)).map(one => [one.id, one]))
  const grants = await grantsOf(ctx.db, caller.corpId, caller.devId)
  const view = viewOf(ctx, caller)
  const shown = shownUser(view)
  return entriesOf(own, row => {
    const approval = approvals.get(Number(row.data['approvalId']))
    if (!approval || !maySee(view, grants, approval)) return undefined
    const { action, status, step, by, at } = row.data as unknown as ApprovalChange
    const { spNo, thirdNo, templateId, name, userId, requestId, waitsFor } = viewOfApproval(
      approval,
      shown,
      caller.devId,
    )
    const who = { spNo, thirdNo, templateId, name, userId, requestId }
    const wire = {
      ...who,
      action,
      status,
      step,
      waitsFor,
      by: by === '' ? '' : shown(by),
      at: new Date(at * 1000).toISOString(),
    }
    return { type: row.type, wire: fieldsOf(wire) }
  })
}
