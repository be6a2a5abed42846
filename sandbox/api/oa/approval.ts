import type { Approval } from '../../approvals/records.ts'
import { readSteps, submit } from '../../approvals/submit.ts'
import { detailOf, openDataOf } from '../../approvals/wire.ts'
import { integer, text } from '../../http/input.ts'
import { WecomError } from '../../rules/errcodes.ts'
import type { Call, CallRequest } from '../call.ts'
import { ok } from '../call.ts'

const daySeconds = 86_400
const daysAtMost = 31
const pageAtMost = 100

/** oa/* of 审批, and the approval engine of self-built applications (docs/upstream/wecom-approvals.md). */
export const approvalCalls: readonly Call[] = [
  { method: 'POST', path: '/cgi-bin/oa/gettemplatedetail', token: 'agent', run: template },
  { method: 'POST', path: '/cgi-bin/oa/applyevent', token: 'agent', run: apply },
  { method: 'POST', path: '/cgi-bin/oa/getapprovalinfo', token: 'agent', run: list },
  { method: 'POST', path: '/cgi-bin/oa/getapprovaldetail', token: 'agent', run: detail },
  { method: 'POST', path: '/cgi-bin/corp/getopenapprovaldata', token: 'agent', run: openData },
]

function templateIn({ world, input }: CallRequest) {
  const found = world.approvals.template(text(input, 'template_id', 301025) ?? '')
  if (found?.flow !== 'wecom') throw new WecomError(301025, 'template_id')
  return found
}

function template(ask: CallRequest): Record<string, unknown> {
  const { name, controls } = templateIn(ask)
  const template_names = [{ text: name, lang: 'zh_CN' }]
  return { ...ok, template_names, template_content: { controls } }
}

function apply(ask: CallRequest): Record<string, unknown> {
  const { world, caller, input } = ask
  const found = templateIn(ask)
  const slot = world.state.slotOf(text(input, 'creator_userid', 301025) ?? '')
  if (slot === undefined || !caller.view.seesMember(slot)) throw new WecomError(301055, 'creator_userid')
  const { contents } = (input['apply_data'] ?? {}) as { contents?: unknown }
  const summaries = input['summary_list']
  if (!Array.isArray(summaries) || summaries.length === 0 || summaries.length > 3)
    throw new WecomError(301025, 'summary_list')
  const names = { rel: 'apv_rel', people: 'userid' }
  const { node_list: nodes } = (input['process'] ?? {}) as { node_list?: unknown }
  const isOwn = integer(input, 'use_template_approver', 301025) !== 1
  const steps = isOwn ? readSteps(world.state, nodes, names) : undefined
  return { ...ok, sp_no: submit(world, { template: found, slot, contents, steps }).no }
}

function detail({ world, input }: CallRequest): Record<string, unknown> {
  const found = world.approvals.find('wecom', String(input['sp_no'] ?? ''))
  if (!found) throw new WecomError(301025, 'sp_no')
  return { ...ok, info: detailOf(found) }
}

function openData({ world, input }: CallRequest): Record<string, unknown> {
  const found = world.approvals.find('own', text(input, 'thirdNo', 301025) ?? '')
  if (!found) throw new WecomError(301025, 'thirdNo')
  return { ...ok, data: openDataOf(found, userid => nameOf(world, userid)) }
}

function nameOf({ state }: CallRequest['world'], userid: string): string {
  const slot = state.slotOf(userid)
  return slot === undefined ? '' : state.nameOf(slot)
}

/** Different keys are all held, equal ones by one of them. */
const filters: Readonly<Record<string, (one: Approval) => string>> = {
  template_id: one => one.templateId,
  creator: one => one.applicant,
  department: one => String(one.party),
  sp_status: one => String(one.status),
}

function list({ world, input }: CallRequest): Record<string, unknown> {
  const [from, to] = ['starttime', 'endtime'].map(name => Number(text(input, name, 301025) ?? Number.NaN))
  if (!(from! < to!) || to! - from! > daysAtMost * daySeconds) throw new WecomError(301025, 'starttime')
  const size = integer(input, 'size', 301025) ?? pageAtMost
  if (size < 1 || size > pageAtMost) throw new WecomError(301025, 'size')
  const given = Array.isArray(input['filters']) ? (input['filters'] as { key: string; value: string }[]) : []
  const wanted = Map.groupBy(given, one => one.key)
  for (const key of wanted.keys()) if (!filters[key]) throw new WecomError(301025, `filter ${key}`)
  const found = world.approvals
    .all()
    .toReversed()
    .filter(one => one.flow === 'wecom' && one.appliedAt >= from! && one.appliedAt <= to!)
    .filter(one => [...wanted].every(([key, list]) => list.some(({ value }) => filters[key]!(one) === value)))
  const begin = Number(text(input, 'new_cursor', 301025) || 0)
  const sp_no_list = found.slice(begin, begin + size).map(one => one.no)
  const next = begin + size < found.length ? { new_next_cursor: String(begin + size) } : {}
  return { ...ok, sp_no_list, ...next }
}
