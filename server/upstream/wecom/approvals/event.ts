import { type AgentPush, textIn } from '../agent-push.ts'
import type { ApprovalFlow } from './detail.ts'

export type ApprovalEvent = { flow: ApprovalFlow; no: string; templateId: string }

const numberAtMost = 128

/**
 * Which approval a push tells of; undefined for another push, and for one that names none. What it says of the approval is not taken:
 * order is not promised (docs/upstream/wecom-approvals.md#events).
 */
export function approvalIn({
  event,
  fields,
}: Pick<AgentPush, 'event' | 'fields'>): ApprovalEvent | undefined {
  const { ApprovalInfo: info } = fields
  if (typeof info !== 'object' || Array.isArray(info)) return undefined
  if (event === 'sys_approval_change') {
    const no = textIn(info, 'SpNoStr') || textIn(info, 'SpNo')
    return named({ flow: 'wecom', no, templateId: textIn(info, 'TemplateId') })
  }
  if (event !== 'open_approval_change') return undefined
  return named({ flow: 'own', no: textIn(info, 'ThirdNo'), templateId: textIn(info, 'OpenTemplateId') })
}

const named = (one: ApprovalEvent) => (one.no !== '' && one.no.length <= numberAtMost ? one : undefined)
