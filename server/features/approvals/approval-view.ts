import { type Static, Type } from 'typebox'
import { zoneOf } from '../../organisation/corps/corps.ts'
import { livingMember, type View } from '../../organisation/directory/read/view.ts'
import { decodeForm } from '../../upstream/wecom/approvals/decode.ts'
import { approvalStatuses, stepStatuses } from '../../upstream/wecom/approvals/detail.ts'
import type { ApprovalNeeds } from './needs.ts'
import type { ApprovalRow } from './store.ts'

export const shownStatuses = ['applying', 'unknown', ...approvalStatuses] as const

export const statusAbout = {
  zh: 'pending 审批中；approved 通过；rejected 驳回；withdrawn 撤销；revoked 通过后撤销；deleted 删除；paid 已支付；applying 提交的应答丢失，正在查询；unknown 没有查到，不再提交',
  en: 'pending, approved, rejected, withdrawn, revoked (withdrawn after it passed), deleted, paid; applying: the answer to the submission was lost and it is looked for; unknown: it was not found, and is not submitted again',
}

const personShape = Type.Object({
  userId: Type.String({
    about: { zh: '成员 ID；不在数据范围内时为空', en: 'userId; empty outside the data scope' },
  }),
  status: Type.Enum([...stepStatuses], {
    about: {
      zh: 'pending 待处理；approved 同意；rejected 驳回；transferred 转审或转交；returned 退回；added 加签；approvedAndAdded 同意并加签；handled 已办理；other 企业微信的其他状态',
      en: 'pending, approved, rejected, transferred (handed over), returned (to an earlier approver), added (another approver), approvedAndAdded, handled; other: a state that wisp does not have a word for',
    },
  }),
  at: Type.String({ about: { zh: '处理时间；未处理为空', en: 'When; empty while it is pending' } }),
  speech: Type.String({ about: { zh: '审批意见', en: 'What they wrote' } }),
})

export const approvalShape = {
  spNo: Type.String({
    about: {
      zh: '审批单号，文字（可能超过 2^53）；自建流程和未知的为空',
      en: 'Number of the approval, a text since it may pass 2^53; empty for own flows and while it is unknown',
    },
  }),
  thirdNo: Type.String({ about: { zh: '自建流程的单号', en: 'Number within an own flow' } }),
  templateId: Type.String({ about: { zh: '模板 id', en: 'Id of the template' } }),
  name: Type.String({ about: { zh: '模板名称', en: 'Name of the template' } }),
  status: Type.Enum([...shownStatuses], { about: statusAbout }),
  userId: Type.String({ about: { zh: '申请人', en: 'Who applied' } }),
  requestId: Type.String({
    about: { zh: '由本开发者提交时的 requestId', en: 'requestId, where this developer submitted it' },
  }),
  step: Type.Integer({
    about: { zh: '当前环节，从 1 起；0 为已结束', en: 'The step that waits, from 1; 0 once it has ended' },
  }),
  waitsFor: Type.Array(Type.String(), { about: { zh: '现在由谁处理', en: 'Who has it now' } }),
  since: Type.String({
    about: { zh: '当前环节从何时起', en: 'Since when the present step waits, or when it ended' },
  }),
  createdAt: Type.String({ about: { zh: '提交时间', en: 'When it was submitted' } }),
}

export const approvalSchema = Type.Object(approvalShape)
export type ApprovalView = Static<typeof approvalSchema>

export const detailShape = {
  ...approvalShape,
  steps: Type.Array(
    Type.Object({
      kind: Type.Enum(['approve', 'copy', 'handle'], {
        about: { zh: 'approve 审批；copy 抄送；handle 办理', en: 'approve, copy or handle' },
      }),
      mode: Type.Enum(['all', 'any', 'order'], {
        about: { zh: 'all 会签；any 或签；order 依次', en: 'all, any, or one after the other' },
      }),
      status: personShape.properties.status,
      people: Type.Array(personShape),
    }),
    { about: { zh: '各环节', en: 'Its steps' } },
  ),
  fields: Type.Array(
    Type.Object({
      name: Type.String({ about: { zh: '字段名', en: 'Name of the field' } }),
      value: Type.Unknown({
        about: {
          zh: '值，形式同提交时；成员字段没有数据范围外的成员',
          en: 'Value, as it is submitted; members outside the data scope are left out',
        },
      }),
    }),
    { about: { zh: '填写的内容', en: 'What was filled in' } },
  ),
}
export const detailSchema = Type.Object(detailShape)

/** Whose userids are told: those whom the developer sees, or all where it has no data scope. */
export const shownUser =
  (view: View) =>
  (userId: string): string =>
    livingMember(view, userId)?.userId ?? (view.developer.dataScope === undefined ? userId : '')

export function viewOfApproval(
  row: ApprovalRow,
  shown: (userId: string) => string,
  devId?: string,
): ApprovalView {
  const no = row.no ?? ''
  return {
    spNo: row.flow === 'wecom' ? no : '',
    thirdNo: row.flow === 'own' ? no : '',
    templateId: row.templateId,
    name: row.name,
    status: row.state === 'known' ? (row.status ?? 'pending') : row.state,
    userId: shown(row.applicant),
    requestId: row.devId === devId ? (row.requestId ?? '') : '',
    step: row.step ?? 0,
    waitsFor: row.holders.map(shown).filter(Boolean),
    since: row.since.toISOString(),
    createdAt: row.createdAt.toISOString(),
  }
}

export function detailOfApproval(
  ctx: Pick<ApprovalNeeds, 'corps'>,
  row: ApprovalRow,
  shown: (userId: string) => string,
  devId?: string,
): Static<typeof detailSchema> {
  return {
    ...viewOfApproval(row, shown, devId),
    steps: row.steps.map(({ kind, mode, status, people }) => ({
      kind,
      mode,
      status,
      people: people.map(one => ({
        userId: shown(one.userId),
        status: one.status,
        at: one.at > 0 ? new Date(one.at * 1000).toISOString() : '',
        speech: one.speech,
      })),
    })),
    fields: decodeForm(row.contents, { timeZone: zoneOf(ctx, row.corpId), shown }),
  }
}

export const sampleApproval: ApprovalView = {
  spNo: '20261203000000000017',
  thirdNo: '',
  templateId: 'C4UFFvFYT…',
  name: '请假',
  status: 'pending',
  userId: 'zhangsan',
  requestId: 'leave-118',
  step: 1,
  waitsFor: ['lisi'],
  since: '2026-12-03T01:00:00.000Z',
  createdAt: '2026-12-03T01:00:00.000Z',
}

export const sampleDetail: Static<typeof detailSchema> = {
  ...sampleApproval,
  steps: [
    {
      kind: 'approve',
      mode: 'any',
      status: 'pending',
      people: [{ userId: 'lisi', status: 'pending', at: '', speech: '' }],
    },
  ],
  fields: [
    { name: '请假类型', value: ['年假'] },
    { name: '请假事由', value: '家中有事' },
  ],
}

export const fieldShape = {
  name: Type.String({ about: { zh: '字段名，用作 fields 的键', en: 'Name, which is its key in fields' } }),
  kind: Type.String({
    about: {
      zh: '种类：text、number、date、time、dateRange、choice、choices、members、departments、files、location、approvals、leave、bank、rows；other 不能由接口提交',
      en: 'Kind: text, number, date, time, dateRange, choice, choices, members, departments, files, location, approvals, leave, bank, rows; other cannot be submitted by the API',
    },
  }),
  required: Type.Boolean({ about: { zh: '是否必填', en: 'Whether it needs a value' } }),
  options: Type.Array(Type.String(), { about: { zh: '选项', en: 'Its options' } }),
}
export const flowAbout = {
  zh: 'wecom 由 approval/apply 提交；own 由页面发起的自建流程',
  en: 'wecom: submitted by approval/apply; own: an own flow, which a page starts',
}
export const templateShape = {
  templateId: approvalShape.templateId,
  name: approvalShape.name,
  flow: Type.Enum(['wecom', 'own'], { about: flowAbout }),
  fields: Type.Array(
    Type.Object({
      ...fieldShape,
      columns: Type.Array(Type.Object(fieldShape), { about: { zh: '明细的列', en: 'Columns of rows' } }),
    }),
    { about: { zh: '字段', en: 'Its fields' } },
  ),
}
