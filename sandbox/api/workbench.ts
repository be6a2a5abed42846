import { type Input, integer, text } from '../http/input.ts'
import { WecomError } from '../rules/errcodes.ts'
import type { KeyData } from '../state/workbench.ts'
import { type Call, type CallRequest, ok } from './call.ts'

const itemsAtMost = 4

/** agent/*_workbench_* (docs/upstream/wecom-office.md#workbench): the icon alone, or numbers (keydata). */
export const workbenchCalls: readonly Call[] = [
  { method: 'POST', path: '/cgi-bin/agent/get_workbench_template', token: 'agent', run: getTemplate },
  { method: 'POST', path: '/cgi-bin/agent/set_workbench_template', token: 'agent', run: setTemplate },
  { method: 'POST', path: '/cgi-bin/agent/set_workbench_data', token: 'agent', run: setData },
]

/** Errors: 41011 missing, 40056 no number, 301002 not the application of this token. */
function ownAgent({ caller, input }: CallRequest): number {
  const wanted = integer(input, 'agentid', 40056)
  if (wanted === undefined) throw new WecomError(41011)
  if (wanted !== caller.agent?.agentId) throw new WecomError(301002)
  return wanted
}

function getTemplate(ask: CallRequest): Record<string, unknown> {
  const template = ask.world.workbench.templateOf(ownAgent(ask))
  if (template.type === 'normal') return { ...ok, type: 'normal' }
  return { ...ok, type: 'keydata', keydata: { items: template.items } }
}

function setTemplate(ask: CallRequest): Record<string, unknown> {
  const agentId = ownAgent(ask)
  const { world, input } = ask
  const type = text(input, 'type')
  if (type !== 'normal' && type !== 'keydata') throw new WecomError(40058, 'type')
  const template = type === 'normal' ? ({ type } as const) : ({ type, items: itemsOf(input) } as const)
  world.workbench.setTemplate(agentId, template, input['replace_user_data'] === true)
  return ok
}

/** Before a template of the kind nothing is taken. No source names WeCom's code for it, so 40058 stands for it. */
function setData(ask: CallRequest): Record<string, unknown> {
  const agentId = ownAgent(ask)
  const { world, caller, input } = ask
  const userid = text(input, 'userid')
  if (!userid) throw new WecomError(41009)
  const slot = world.state.slotOf(userid)
  if (slot === undefined || !caller.view.seesMember(slot)) throw new WecomError(60011)
  const type = text(input, 'type')
  if (type !== 'keydata' || world.workbench.templateOf(agentId).type !== type)
    throw new WecomError(40058, 'no such template was set')
  const known = world.state.userids[slot]!
  if (!world.workbench.setData(agentId, known, itemsOf(input), world.now())) throw new WecomError(45009)
  return ok
}

function itemsOf(input: Input): KeyData[] {
  const { items } = (input['keydata'] ?? {}) as { items?: unknown }
  if (!Array.isArray(items) || items.length === 0 || items.length > itemsAtMost)
    throw new WecomError(40058, 'keydata.items')
  return items.map(one => {
    const { key, data, jump_url = '', pagepath = '' } = (one ?? {}) as Record<string, unknown>
    if (typeof key !== 'string' || typeof data !== 'string' || key === '')
      throw new WecomError(40058, 'keydata.items')
    return { key, data, jump_url: String(jump_url), pagepath: String(pagepath) }
  })
}
