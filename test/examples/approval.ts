import { putTemplate, setApprovals } from '../../server/features/approvals/setup/setup.ts'
import type { World } from '../harness.ts'

/** What the examples' developer may do. */
export const exampleScopes = [
  'directory:read',
  'message:send',
  'message:type',
  'ticket:issue',
  'pay:read',
  'pay:write',
  'todo:read',
  'todo:write',
  'approval:read',
  'approval:write',
  'source:write',
]

/** Of the approval that a leave request goes on to. */
export const templateId = 'C4ExampleLeave'

/** Lets the developer submit by a template with a reason alone. */
export async function grantLeave(
  { ctx, corpId, control }: World,
  agentId: number,
  devId: string,
): Promise<void> {
  const title = [{ text: '请假事由', lang: 'zh_CN' }]
  const property = { control: 'Textarea', id: 'Textarea-1', title, require: 1 }
  await control('approvals/template', { templateId, name: '请假', controls: [{ property }] })
  await setApprovals(ctx, 'test', corpId, { agentId, appId: null })
  await putTemplate(ctx, 'test', corpId, { templateId, grants: [{ devId, applies: true, reads: false }] })
}
