import { createHash } from 'node:crypto'
import { zoneOf } from '../../../organisation/corps/corps.ts'
import { findDepartment, livingMember, type View, viewOf } from '../../../organisation/directory/read/view.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { checkKnownByAll } from '../../../platform/upkeep/known-by-all.ts'
import type { ApprovalStepOrder, Submission } from '../../../upstream/wecom/approvals/calls.ts'
import { encodeForm, type FormContent, type FormNames } from '../../../upstream/wecom/approvals/encode.ts'
import { uploadMedia } from '../../../upstream/wecom/media.ts'
import { outcomeOf } from '../../channels/wecom/outcome.ts'
import { mediaOf, readMedia } from '../../message-media/media.ts'
import { answered, errorOf } from '../ask.ts'
import type { ApprovalNeeds } from '../needs.ts'
import { agentOfCorp, approvalsSince, refreshTemplate } from '../setup/setup.ts'
import { findTemplate, type Template } from '../setup/setup-store.ts'
import * as store from '../store.ts'
import { enqueueSettle } from '../tasks.ts'
import { findSubmission, putNumber } from './settle.ts'

export const stepModes = ['all', 'any', 'order'] as const
export const stepKinds = ['approve', 'copy', 'handle'] as const
export type NewStep = {
  userIds: readonly string[]
  mode?: (typeof stepModes)[number] | undefined
  kind?: (typeof stepKinds)[number] | undefined
}

export type NewApproval = {
  templateId: string
  userId: string
  fields: Readonly<Record<string, unknown>>
  approvers: readonly NewStep[]
  /** mediaIds for the template's only field of files. */
  files: readonly string[]
  requestId: string
}

const stepsAtMost = 20
const peopleAtMost = 50
/** A template is read again before it is used, when this old (ms). */
const freshMs = 600_000
/** When a submission whose call did not end is looked for. */
const settleAfterMs = 30_000

/** Throws 1000, 1001, 1002, 1007; 1008, 1010, 1011 and 1013, after which nothing was submitted. */
export async function apply(
  ctx: ApprovalNeeds,
  developer: Caller,
  given: NewApproval,
): Promise<store.ApprovalRow> {
  const { corpId, devId } = developer
  await checkKnownByAll(ctx.db, approvalsSince)
  const template = await usableTemplate(ctx, developer, given.templateId)
  const requestHash = hashOf(given)
  const known = await store.findByRequest(ctx.db, corpId, devId, given.requestId)
  if (known) return repeated(known, requestHash)
  const { agent } = await agentOfCorp(ctx, corpId)
  const form = await readForm(ctx, developer, template, given)
  const contents = await withFiles(ctx, developer, agent, form)
  const submission: Submission = {
    applicant: form.applicant,
    templateId: template.id,
    steps: form.steps,
    contents,
    summary: summaryOf(given.fields, template),
  }
  const row = await begin(ctx, developer, template, { ...given, requestHash, submission })
  if ('known' in row) return repeated(row.known, requestHash)
  let no: string | undefined
  try {
    no = await agent.messenger.approvals.apply(submission)
  } catch (error) {
    const outcome = outcomeOf(error)
    if (outcome.kind !== 'unsure') {
      await store.deleteApproval(ctx.db, row.begun)
      throw await whyRefused(ctx, developer, template, given, errorOf(error))
    }
    no = await findSubmission(ctx, row.begun).catch(() => undefined)
  }
  const found = no
  if (found !== undefined) await ctx.db.transaction().execute(tx => putNumber(ctx, tx, row.begun, found))
  return (await store.findByRequest(ctx.db, corpId, devId, given.requestId)) ?? row.begun
}

/** The template may have been changed since the form was made: what is wrong with it now says more than WeCom does. */
async function whyRefused(
  ctx: ApprovalNeeds,
  developer: Caller,
  template: Template,
  given: NewApproval,
  refusal: unknown,
): Promise<unknown> {
  if (!(refusal instanceof ApiError) || refusal.error !== 'messageCentre') return refusal
  try {
    await readForm(ctx, developer, await refreshTemplate(ctx, template), given)
    return refusal
  } catch (error) {
    return error
  }
}

/** Throws 1002 for a template by which the developer may not submit; whether it exists is not told. */
async function usableTemplate(ctx: ApprovalNeeds, { corpId, devId }: Caller, id: string): Promise<Template> {
  const template = await findTemplate(ctx.db, corpId, id)
  const isGranted = template?.grants.some(one => one.devId === devId && one.applies)
  if (!template || !isGranted)
    throw new ApiError('unknownDeveloper', {
      zh: told`templateId ${id}：此开发者不能提交这个审批模板；超级管理员可在“待办 → 审批模板与授权”中授权`,
      en: told`templateId ${id}: this developer may not submit by this template; a super administrator can grant it under To-dos → Approval templates`,
    })
  if (template.flow === 'own')
    throw new ApiError('badParameter', {
      zh: told`templateId ${id}：自建应用的审批流程只能由页面发起，请用 SDK 的 startApproval`,
      en: told`templateId ${id}: an approval flow of a self-built app is started by its page alone: use startApproval of the SDK`,
    })
  const isFresh = ctx.now() - template.readAt.getTime() < freshMs
  // What was read before serves while WeCom is silent.
  return isFresh ? template : refreshTemplate(ctx, template).catch(() => template)
}

/** The same however a program orders the names of fields. */
const hashOf = ({ requestId: _, ...given }: NewApproval) =>
  createHash('sha256').update(JSON.stringify(given, byName)).digest('base64')

const byName = (_name: string, value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

function repeated(known: store.ApprovalRow, hash: string): store.ApprovalRow {
  if (known.requestHash === hash) return known
  throw new ApiError('badParameter', {
    zh: '相同的 requestId 已用于另一次提交；没有提交',
    en: 'this requestId was used for another submission; nothing was submitted',
  })
}

type Form = {
  applicant: string
  contents: FormContent[]
  steps: ApprovalStepOrder[] | undefined
  mediaIds: string[]
  encode(file: FormNames['file']): FormContent[]
}

/** Throws 1000, 1001, 1002 for files of others, 1005 and 1007. */
async function readForm(
  ctx: ApprovalNeeds,
  developer: Caller,
  template: Template,
  given: NewApproval,
): Promise<Form> {
  const view = viewOf(ctx, developer)
  const applicant = memberIn(view, given.userId, 'userId')
  const fields = withFilesField(template, given)
  const named = namesIn(view, zoneOf(ctx, developer.corpId))
  const encode = (file: FormNames['file']) => encodeForm(template.fields, fields, { ...named, file })
  const mediaIds: string[] = []
  const contents = encode(id => {
    mediaIds.push(id)
    return id
  })
  await mediaOf(ctx, developer, mediaIds)
  return { applicant, contents, steps: readSteps(view, given.approvers), mediaIds, encode }
}

/** Throws 1007. */
function memberIn(view: View, userId: string, name: string): string {
  const core = livingMember(view, userId)
  if (!core) throw new ApiError('unknownMember', told`${own(name)} ${userId}`)
  return core.userId
}

function namesIn(view: View, timeZone: string): Omit<FormNames, 'file'> {
  return {
    timeZone,
    member: userId => livingMember(view, userId),
    department: id => findDepartment(view, String(id))?.department.name,
  }
}

/** Throws 1000. */
function withFilesField({ fields }: Template, given: NewApproval): Record<string, unknown> {
  if (given.files.length === 0) return given.fields
  const ofFiles = fields.filter(one => one.kind === 'files')
  const [only] = ofFiles
  if (!only || ofFiles.length > 1)
    throw new ApiError('badParameter', {
      zh: told`files：模板有 ${own(ofFiles.length)} 个文件字段，只有一个时才能用 files；请在 fields 中按字段名填写`,
      en: told`files: the template has ${own(ofFiles.length)} fields of files, and files is for one alone: give them in fields, by name`,
    })
  return { ...given.fields, [only.name]: given.files }
}

const relations = { all: 1, any: 2, order: 3 } as const
const kinds = { approve: 1, copy: 2, handle: 3 } as const

/** Throws 1000 and 1007. */
function readSteps(view: View, given: readonly NewStep[]): ApprovalStepOrder[] | undefined {
  if (given.length === 0) return undefined
  if (given.length > stepsAtMost) throw new ApiError('badParameter', told`approvers`)
  return given.map(({ userIds, mode = 'all', kind = 'approve' }, at) => {
    if (userIds.length === 0) throw new ApiError('missingParameter', told`${own(`approvers[${at}].userIds`)}`)
    if (userIds.length > peopleAtMost)
      throw new ApiError('badParameter', told`${own(`approvers[${at}].userIds`)}`)
    const people = userIds.map(userId => memberIn(view, userId, `approvers[${at}].userIds`))
    return { kind: kinds[kind], rel: relations[mode], userIds: people }
  })
}

/** Gives the files to WeCom, once everything else is right. Throws 1008, 1010 and 1011. */
async function withFiles(
  ctx: ApprovalNeeds,
  { corpId }: Caller,
  agent: Parameters<typeof uploadAgent>[0],
  { contents, mediaIds, encode }: Form,
): Promise<FormContent[]> {
  if (mediaIds.length === 0) return contents
  const given = new Map<string, string>()
  for (const id of new Set(mediaIds)) {
    const file = await readMedia(ctx, corpId, id)
    if (file) given.set(id, await answered(() => uploadMedia(uploadAgent(agent), 'file', file)))
  }
  return encode(id => given.get(id))
}

const uploadAgent = ({ forward }: { forward: Parameters<typeof uploadMedia>[0] }) => forward

const summariesAtMost = 3
const summaryCharacters = 20

/** What the list in WeCom shows: the first short values. */
function summaryOf(fields: NewApproval['fields'], { name, fields: known }: Template): string[] {
  const texts = known.flatMap(one => {
    const value = fields[one.name]
    return typeof value === 'string' || typeof value === 'number' ? [`${one.name}：${value}`] : []
  })
  return (texts.length > 0 ? texts : [name])
    .slice(0, summariesAtMost)
    .map(text => [...text].slice(0, summaryCharacters).join(''))
}

type SubmissionStart = { begun: store.ApprovalRow } | { known: store.ApprovalRow }

/** Stores the submission before WeCom is asked, with the task that looks for it should this call not end. */
async function begin(
  ctx: ApprovalNeeds,
  { corpId, devId }: Caller,
  template: Template,
  given: NewApproval & { requestHash: string; submission: Submission },
): Promise<SubmissionStart> {
  const { requestId, requestHash, submission } = given
  const { applicant, contents } = submission
  const at = new Date(ctx.now())
  const head = { corpId, templateId: template.id, name: template.name, devId, requestId, requestHash }
  const nameOf = new Map(template.fields.map(one => [one.id, one.name]))
  const titled = contents.map(one => ({ ...one, title: [{ text: nameOf.get(one.id) ?? '', lang: 'zh_CN' }] }))
  const id = await ctx.db.transaction().execute(async tx => {
    const made = await store.insertSubmission(tx, { ...head, applicant, contents: titled, at })
    if (made !== undefined) await enqueueSettle(tx, corpId, made, new Date(ctx.now() + settleAfterMs))
    return made
  })
  if (id !== undefined) return { begun: (await store.findById(ctx.db, { corpId, id }))! }
  return { known: (await store.findByRequest(ctx.db, corpId, devId, requestId))! }
}
