import { putTemplate, removeTemplate, setApprovals } from '../../server/features/approvals/setup/setup.ts'
import { type Attempt, command, feature, here, management, page, type Rule } from './ways.ts'

/** The rules for approvals of WeCom: by which apps, and which templates for whom. No app is set here. */

const corpId = () => here.world.corpId

function apps(agentId: () => number, appId?: string): Attempt[] {
  const given = () => ({ agentId: agentId(), ...(appId === undefined ? {} : { appId }) })
  return [
    feature(() =>
      setApprovals(here.world.ctx, 'test', corpId(), { agentId: agentId(), appId: appId ?? null }),
    ),
    page('/web/approvals/settings/save', given),
    command(
      ...['approval', 'set', '--agent', () => String(agentId())],
      ...(appId === undefined ? [] : ['--app', appId]),
    ),
    management('approvalSettings/set', given),
  ]
}

type TemplateInput = { id?: string; isOwn?: boolean; name?: string; devId?: string }

/** Not by its page, whose presses count as outgoing ones, of which there are so many a minute for all tables. */
function template({ id = 'own-flow', isOwn = true, name = '用印', devId }: TemplateInput): Attempt[] {
  const flow = isOwn ? 'own' : 'wecom'
  const grants = devId === undefined ? [] : [{ devId, applies: true, reads: false }]
  return [
    feature(() => putTemplate(here.world.ctx, 'test', corpId(), { templateId: id, flow, name, grants })),
    command(
      ...['approval', 'template', 'put', id, '--flow', flow, '--name', name],
      ...(devId === undefined ? [] : ['--apply', devId]),
    ),
    management('approvalTemplate/put', () => ({ templateId: id, flow, name, grants })),
  ]
}

function removal(id: string): Attempt[] {
  return [
    feature(() => removeTemplate(here.world.ctx, 'test', corpId(), id)),
    page('/web/approvals/templates/remove', () => ({ templateId: id })),
    command('approval', 'template', 'remove', id),
    management('approvalTemplate/remove', () => ({ templateId: id })),
  ]
}

const ofApps: Rule[] = [
  ['an agent that there is not', '1000', /987654/, apps(() => 987_654)],
  ['an app that there is not', '1000', /没有应用 nothing/, apps(() => here.agentId, 'nothing')],
]

const ofTemplates: Rule[] = [
  ['an id with a blank', '1000', /templateId/, template({ id: 'own flow' })],
  ['a developer that there is not', '1000', /没有开发者 nobody/, template({ devId: 'nobody' })],
  ['no app to ask WeCom by', '1008', /没有设置审批/, template({ id: 'C4', isOwn: false })],
  ['the removal of one that there is not', '1000', /没有审批模板 nothing/, removal('nothing')],
]

export const everywhere: [of: string, rules: Rule[]][] = [
  ['the apps of approvals', ofApps],
  ['a template of approvals', ofTemplates],
]
