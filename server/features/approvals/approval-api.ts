import { Type } from 'typebox'
import { viewOf } from '../../organisation/directory/read/view.ts'
import { endpoint } from '../../platform/http/endpoint.ts'
import {
  optionalChoice,
  optionalInteger,
  optionalStructured,
  optionalText,
  structured,
  text,
  texts,
} from '../../platform/http/input.ts'
import { approvalStatuses } from '../../upstream/wecom/approvals/detail.ts'
import type { TemplateField } from '../../upstream/wecom/approvals/template.ts'
import { apply, stepKinds, stepModes } from './apply/apply.ts'
import {
  approvalSchema,
  approvalShape,
  detailOfApproval,
  detailSchema,
  sampleApproval,
  sampleDetail,
  shownUser,
  statusAbout,
  templateShape,
  viewOfApproval,
} from './approval-view.ts'
import { maySee } from './may-see.ts'
import type { ApprovalNeeds } from './needs.ts'
import { seenApproval } from './see.ts'
import { grantsOf, templatesOf } from './setup/setup-store.ts'
import { listAfter } from './store.ts'

const reads = { by: 'developer', scope: 'approval:read' } as const

const stepsShape = Type.Array(
  Type.Object({
    userIds: Type.Array(Type.String({ maxLength: 64 }), { minItems: 1, maxItems: 50 }),
    mode: Type.Optional(Type.Enum([...stepModes])),
    kind: Type.Optional(Type.Enum([...stepKinds])),
  }),
  { maxItems: 20 },
)

export const applyCall = endpoint({
  methods: ['POST'],
  path: '/api/approval/apply',
  section: 'wisp',
  summary: { zh: '提交审批', en: 'Submit an approval' },
  description: {
    zh: '以成员的名义提交企业微信审批。fields 以字段名为键，先按模板检查：必填、种类、选项，错误说明是哪个字段。日期写 "2026-12-03"，时间写 "2026-12-03T09:00"（企业时区），起止写 {begin, end}，选项写名称，成员写 userId，文件写 message/media 返回的 mediaId，明细写行的数组。没有 approvers 时用模板的流程。相同的 requestId 不会再次提交，得到同一个审批；企业微信没有应答时，平台按申请人、模板和时间查询，status 为 applying 或 unknown，不会再次提交。超级管理员须授权此开发者提交该模板。',
    en: 'Submits an approval of WeCom for a member. fields has values by the names of fields, and is checked against the template first: what is required, kinds, options; an error names the field. Give a date as "2026-12-03", a time as "2026-12-03T09:00" in the zone of the corp, a range as {begin, end}, an option by its name, members as userIds, files as mediaIds of message/media, and rows as an array. Without approvers the flow of the template counts. The same requestId is never submitted again and gives the same approval; when WeCom does not answer, wisp looks for it by applicant, template and time, with status applying or unknown. A super administrator grants the template to this developer.',
  },
  access: { by: 'developer', scope: 'approval:write' },
  directory: true,
  input: {
    templateId: text({ zh: '模板 id', en: 'Id of the template' }, { max: 128 }),
    userId: text({ zh: '申请人的成员 ID', en: 'userId of the applicant' }, { max: 64 }),
    fields: structured(
      { zh: '字段名到值', en: 'Values by names of fields' },
      Type.Record(Type.String({ maxLength: 200 }), Type.Unknown()),
    ),
    approvers: optionalStructured(
      {
        zh: '审批流程，依次的环节：userIds，mode（all 会签、any 或签、order 依次），kind（approve 审批、copy 抄送、handle 办理）；不填用模板的流程',
        en: 'Steps one after the other: userIds, mode (all, any, order) and kind (approve, copy, handle); else the flow of the template',
      },
      stepsShape,
    ),
    files: texts(
      {
        zh: 'mediaId 列表，用于模板唯一的文件字段；也可以写在 fields 里',
        en: 'mediaIds for the only field of files that the template has; they may stand in fields too',
      },
      { max: 20, length: 64 },
    ),
    requestId: text({ zh: '自己生成的请求 id', en: 'Id of the request, of your own' }, { max: 64 }),
  },
  logged: ['templateId', 'userId', 'requestId'],
  output: Type.Object({ spNo: approvalShape.spNo, status: approvalShape.status }),
  errors: [
    'unknownMember',
    'unknownDepartment',
    'unknownDeveloper',
    'messageCentre',
    'tooManyRequests',
    'upstream',
  ],
  sample: { spNo: sampleApproval.spNo, status: 'pending' },
  sampleInput: {
    templateId: '{approvalTemplateId}',
    userId: '{userId}',
    fields: { 请假事由: '家中有事' },
    requestId: '{unique}',
  },
  async handle(ctx: ApprovalNeeds, { input, developer }) {
    const row = await apply(ctx, developer, { ...input, approvers: input.approvers ?? [] })
    const { spNo, status } = viewOfApproval(row, userId => userId)
    return { spNo, status }
  },
})

const number = (zh: string, en: string) => optionalText({ zh, en }, { max: 128 })

export const getApprovalCall = endpoint({
  methods: ['GET'],
  path: '/api/approval/get',
  section: 'wisp',
  summary: { zh: '查询审批', en: 'Get an approval' },
  description: {
    zh: '按单号或 requestId 查询审批的状态、环节和内容。自己提交的都可以查询；他人的须获准查看该模板的全部审批。申请人须在数据范围内。',
    en: 'Tells the state, steps and content of an approval by its number or by requestId: of those that you submitted, and of all of a template that you were granted to read. The applicant must be within the data scope.',
  },
  access: reads,
  directory: true,
  input: {
    spNo: number('审批单号', 'Number of the approval'),
    thirdNo: number('自建流程的单号', 'Number within an own flow'),
    requestId: number('提交时的 requestId', 'requestId of the submission'),
  },
  oneOf: [['spNo'], ['thirdNo'], ['requestId']],
  logged: ['spNo', 'thirdNo', 'requestId'],
  output: detailSchema,
  errors: ['messageCentre', 'upstream'],
  sample: sampleDetail,
  sampleInput: { spNo: '{spNo}' },
  async handle(ctx: ApprovalNeeds, { input, developer }) {
    const row = await seenApproval(ctx, developer, input)
    return detailOfApproval(ctx, row, shownUser(viewOf(ctx, developer)), developer.devId)
  },
})

const scannedAtMost = 1000
/** Those whose applicant the developer does not see are passed over. */
const scannedAtOnce = 200

export const listApprovalsCall = endpoint({
  methods: ['GET'],
  path: '/api/approval/list',
  section: 'wisp',
  summary: { zh: '列出审批', en: 'List approvals' },
  description: {
    zh: '列出可以查看的审批，最近的在前。nextId 不为空时，用它作 afterId 取下一页。平台开始跟踪模板之前的审批不在其中。',
    en: 'Lists the approvals that you may see, the latest first. Give nextId as afterId for the next page, while it is not empty. Approvals of before wisp followed the template are not there.',
  },
  access: reads,
  directory: true,
  input: {
    templateId: number('模板 id', 'Id of the template'),
    userId: optionalText({ zh: '申请人', en: 'Who applied' }, { max: 64 }),
    status: optionalChoice(statusAbout, approvalStatuses),
    afterId: optionalInteger(
      { zh: '上一页的 nextId', en: 'nextId of the page before' },
      { min: 1, max: Number.MAX_SAFE_INTEGER },
    ),
    pageSize: optionalInteger(
      { zh: '每页条数，默认 20，最多 200', en: 'How many: 20 by default, at most 200' },
      { min: 1, max: 200 },
    ),
  },
  output: Type.Object({
    list: Type.Array(approvalSchema),
    nextId: Type.String({
      about: { zh: '下一页的 afterId；没有时为空', en: 'afterId of the next page; empty at the end' },
    }),
  }),
  errors: [],
  sample: { list: [sampleApproval], nextId: '' },
  sampleInput: {},
  async handle(ctx: ApprovalNeeds, { input, developer }) {
    const { corpId, devId } = developer
    const { templateId, userId: applicant, status, pageSize = 20 } = input
    const grants = await grantsOf(ctx.db, corpId, devId)
    const templateIds = [...grants].flatMap(([id, { reads }]) => (reads ? [id] : []))
    const filter = { corpId, templateId, applicant, status }
    const view = viewOf(ctx, developer)
    const list = []
    let { afterId } = input
    let isMore = true
    for (let scanned = 0; isMore && list.length < pageSize && scanned < scannedAtMost; ) {
      const rows = await listAfter(ctx.db, filter, { templateIds, devId }, { afterId, limit: scannedAtOnce })
      isMore = rows.length === scannedAtOnce
      for (const [at, row] of rows.entries()) {
        scanned++
        afterId = row.id
        if (maySee(view, grants, row)) list.push(row)
        if (list.length < pageSize) continue
        isMore ||= at < rows.length - 1
        break
      }
    }
    const shown = shownUser(view)
    return {
      list: list.map(row => viewOfApproval(row, shown, devId)),
      nextId: isMore && afterId !== undefined ? String(afterId) : '',
    }
  },
})

export const listTemplatesCall = endpoint({
  methods: ['GET'],
  path: '/api/approval/templates',
  section: 'wisp',
  summary: { zh: '列出审批模板', en: 'List approval templates' },
  description: {
    zh: '列出授权给此开发者的审批模板、它们的字段、种类和选项。',
    en: 'Lists the templates that are granted to this developer, with their fields, kinds and options.',
  },
  access: reads,
  directory: true,
  input: {},
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        ...templateShape,
        mayApply: Type.Boolean({ about: { zh: '可以提交', en: 'May be submitted' } }),
        mayReadAll: Type.Boolean({
          about: { zh: '可以查看全部审批', en: 'All its approvals may be seen' },
        }),
      }),
    ),
  }),
  errors: [],
  sample: {
    list: [
      {
        templateId: sampleApproval.templateId,
        name: sampleApproval.name,
        flow: 'wecom',
        fields: [{ name: '请假事由', kind: 'text', required: true, options: [], columns: [] }],
        mayApply: true,
        mayReadAll: false,
      },
    ],
  },
  sampleInput: {},
  async handle(ctx: ApprovalNeeds, { developer: { corpId, devId } }) {
    const grants = await grantsOf(ctx.db, corpId, devId)
    const list = (await templatesOf(ctx.db, corpId)).flatMap(({ id, name, flow, fields }) => {
      const grant = grants.get(id)
      if (!grant) return []
      const told = fields.map(one => ({ ...fieldView(one), columns: one.fields.map(fieldView) }))
      return [{ templateId: id, name, flow, fields: told, mayApply: grant.applies, mayReadAll: grant.reads }]
    })
    return { list }
  },
})

const fieldView = ({ name, kind, isRequired, options }: TemplateField) => ({
  name,
  kind,
  required: isRequired,
  options: options.map(one => one.name),
})
