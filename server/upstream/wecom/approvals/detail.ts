import { WecomUnavailable } from '../errors.ts'
import { itemsOf, type Node, nodeOf, textOf } from './nodes.ts'

/** `wecom`: a template of the corp's; `own`: one of a self-built application's (docs/upstream/wecom-approvals.md#own-flow). */
export type ApprovalFlow = 'wecom' | 'own'

export const approvalStatuses = [
  'pending',
  'approved',
  'rejected',
  'withdrawn',
  'revoked',
  'deleted',
  'paid',
] as const
export type ApprovalStatus = (typeof approvalStatuses)[number]

export const stepStatuses = [
  'pending',
  'approved',
  'rejected',
  'transferred',
  'returned',
  'added',
  'approvedAndAdded',
  'handled',
  'other',
] as const
/** `other`: a number that WeCom did not have when this was written. */
export type StepStatus = (typeof stepStatuses)[number]
export type StepKind = 'approve' | 'copy' | 'handle'
export type ApprovalPerson = {
  userId: string
  status: StepStatus
  speech: string
  /** Seconds since the epoch; 0 until they decided. */
  at: number
}
export type ApprovalStep = {
  kind: StepKind
  /** Who of its people has to agree. */
  mode: 'all' | 'any' | 'order'
  status: StepStatus
  people: ApprovalPerson[]
}

/** What WeCom says of an approval. */
export type ApprovalDetail = {
  no: string
  templateId: string
  name: string
  applicant: string
  /** Seconds since the epoch. */
  appliedAt: number
  status: ApprovalStatus
  steps: readonly ApprovalStep[]
  /** As WeCom writes them. */
  contents: unknown
}

const statuses: Readonly<Record<string, ApprovalStatus>> = {
  1: 'pending',
  2: 'approved',
  3: 'rejected',
  4: 'withdrawn',
  6: 'revoked',
  7: 'deleted',
  10: 'paid',
}
/** Of a step and of a person (docs/upstream/wecom-approvals.md#reading). */
const stepStatusByNumber: Readonly<Record<string, StepStatus>> = {
  1: 'pending',
  2: 'approved',
  3: 'rejected',
  4: 'transferred',
  11: 'returned',
  12: 'added',
  13: 'approvedAndAdded',
  14: 'handled',
  15: 'transferred',
}
const stepKinds: Readonly<Record<string, StepKind>> = { 1: 'approve', 2: 'copy', 3: 'handle' }
const relations: Readonly<Record<string, ApprovalStep['mode']>> = { 1: 'all', 2: 'any', 3: 'order' }
/** They number the two kinds the other way round. */
const attributes: Readonly<Record<string, ApprovalStep['mode']>> = { 1: 'any', 2: 'all' }

const stepStatusOf = (value: unknown): StepStatus => stepStatusByNumber[textOf(value)] ?? 'other'
const secondsOf = (value: unknown): number => (/^\d{1,12}$/.test(textOf(value)) ? Number(value) : 0)

/** Reads `info` of getapprovaldetail. `no` is the text by which it was asked. Throws WecomUnavailable for what is none. */
export function readDetail(no: string, path: string, answer: unknown): ApprovalDetail {
  const info = nodeOf(answer)
  const nodes = itemsOf(nodeOf(info['process_list'])['node_list'])
  return checked(path, {
    no,
    templateId: textOf(info['template_id']),
    name: textOf(info['sp_name']),
    applicant: textOf(nodeOf(info['applyer'])['userid']),
    appliedAt: secondsOf(info['apply_time']),
    status: statuses[textOf(info['sp_status'])],
    steps: nodes.length > 0 ? nodes.map(stepOfNode) : itemsOf(info['sp_record']).map(stepOfRecord),
    contents: nodeOf(info['apply_data'])['contents'],
  })
}

const stepOfNode = (node: Node): ApprovalStep => ({
  kind: stepKinds[textOf(node['node_type'])] ?? 'approve',
  mode: relations[textOf(node['apv_rel'])] ?? 'all',
  status: stepStatusOf(node['sp_status']),
  people: itemsOf(node['sub_node_list']).map(one => ({
    userId: textOf(one['userid']) || textOf(nodeOf(one['user_info'])['userid']),
    speech: textOf(one['speech']),
    status: stepStatusOf(one['sp_yj']),
    at: secondsOf(one['sptime']),
  })),
})

const stepOfRecord = (record: Node): ApprovalStep => ({
  kind: 'approve',
  mode: attributes[textOf(record['approverattr'])] ?? 'all',
  status: stepStatusOf(record['sp_status']),
  people: itemsOf(record['details']).map(one => ({
    userId: textOf(nodeOf(one['approver'])['userid']),
    speech: textOf(one['speech']),
    status: stepStatusOf(one['sp_status']),
    at: secondsOf(one['sptime']),
  })),
})

/** Reads `data` of getopenapprovaldata, whose spellings differ from the event's. Throws WecomUnavailable for what is none. */
export function readOpenData(no: string, path: string, answer: unknown): ApprovalDetail {
  const data = nodeOf(answer)
  return checked(path, {
    no,
    templateId: textOf(data['OpenTemplateId']),
    name: textOf(data['OpenSpName']),
    applicant: textOf(data['ApplyUserId'] ?? data['ApplyUserid']),
    appliedAt: secondsOf(data['ApplyTime']),
    status: statuses[textOf(data['OpenSpstatus'] ?? data['OpenSpStatus'])],
    steps: itemsOf(nodeOf(data['ApprovalNodes'])['ApprovalNode']).map(stepOfOpen),
    contents: [],
  })
}

const stepOfOpen = (node: Node): ApprovalStep => ({
  kind: 'approve',
  mode: attributes[textOf(node['NodeAttr'])] ?? 'all',
  status: stepStatusOf(node['NodeStatus']),
  people: itemsOf(nodeOf(node['Items'])['Item']).map(one => ({
    userId: textOf(one['ItemUserId'] ?? one['ItemUserid']),
    speech: textOf(one['ItemSpeech']),
    status: stepStatusOf(one['ItemStatus']),
    at: secondsOf(one['ItemOpTime']),
  })),
})

function checked(
  path: string,
  { status, ...detail }: Omit<ApprovalDetail, 'status'> & { status: ApprovalStatus | undefined },
): ApprovalDetail {
  const wrong =
    (detail.templateId === '' && 'template') ||
    (detail.applicant === '' && 'applicant') ||
    (!status && 'status')
  if (!status || wrong)
    throw new WecomUnavailable(path, 'json', `${wrong || 'status'} is missing or unknown`, {
      status: 200,
      ambiguous: false,
    })
  return { ...detail, status }
}

/** What a step says of its last act, after which those whom the act named decide within it. */
const goesOn: ReadonlySet<StepStatus> = new Set(['transferred', 'added', 'approvedAndAdded'])

const waits = ({ kind, status, people }: ApprovalStep): boolean =>
  kind !== 'copy' &&
  (status === 'pending' || (goesOn.has(status) && people.some(one => one.status === 'pending')))

/** The step that waits, by its place from 1; undefined once all are over. Copies wait for nobody. A returned approval waits in an earlier step. */
export function openStep({ status, steps }: Pick<ApprovalDetail, 'status' | 'steps'>): number | undefined {
  if (status !== 'pending') return undefined
  const at = steps.findIndex(waits)
  return at < 0 ? undefined : at + 1
}

/** Returns who has the approval now. */
export function holdersOf(detail: Pick<ApprovalDetail, 'status' | 'steps'>): string[] {
  const step = detail.steps[(openStep(detail) ?? 0) - 1]
  const open = step?.people.filter(one => one.status === 'pending') ?? []
  return [...new Set((step?.mode === 'order' ? open.slice(0, 1) : open).map(one => one.userId))].filter(
    Boolean,
  )
}
