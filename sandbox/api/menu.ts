import { type Input, integer, text } from '../http/input.ts'
import { type Errcode, WecomError } from '../rules/errcodes.ts'
import type { AgentButton } from '../settings.ts'
import { type Call, type CallRequest, ok } from './call.ts'

/** menu/* (docs/upstream/wecom-menus.md#calls): the menu of the application whose token it is. */
export const menuCalls: readonly Call[] = [
  { method: 'POST', path: '/cgi-bin/menu/create', token: 'agent', namesAgent: true, run: create },
  {
    method: 'GET',
    path: '/cgi-bin/menu/get',
    token: 'agent',
    run(ask) {
      const button = ask.world.settings.agentMenus[ownAgent(ask)]
      if (!button) throw new WecomError(46003)
      return { ...ok, button: button.map(spread) }
    },
  },
  {
    method: 'GET',
    path: '/cgi-bin/menu/delete',
    token: 'agent',
    run(ask) {
      const { [ownAgent(ask)]: _gone, ...agentMenus } = ask.world.settings.agentMenus
      ask.world.changeSettings({ agentMenus })
      return ok
    },
  },
]

/** Answers give a button that acts an empty list of those below it. */
const spread = (button: AgentButton): AgentButton => ({
  ...button,
  sub_button: (button.sub_button ?? []).map(one => ({ ...one, sub_button: [] })),
})

function ownAgent({ caller, input }: CallRequest): number {
  const agentId = integer(input, 'agentid', 40056)
  if (agentId === undefined) throw new WecomError(41011)
  if (agentId !== caller.agent!.agentId) throw new WecomError(301002)
  return agentId
}

function create(ask: CallRequest): Record<string, unknown> {
  const agentId = ownAgent(ask)
  const list = objects(ask.input, 'button', 40016)
  if (list.length === 0 || list.length > 3) throw new WecomError(40016)
  const { agentMenus } = ask.world.settings
  ask.world.changeSettings({ agentMenus: { ...agentMenus, [agentId]: list.map(readTop) } })
  return ok
}

/** The codes for a button, and for one below another. */
type Codes = Record<'type' | 'name' | 'key' | 'url' | 'domain', Errcode>
const top: Codes = { type: 40017, name: 40018, key: 40019, url: 40020, domain: 40055 }
const below: Codes = { type: 40024, name: 40025, key: 40026, url: 40027, domain: 40054 }

const withKey = [
  ...['click', 'scancode_push', 'scancode_waitmsg', 'location_select'],
  ...['pic_sysphoto', 'pic_photo_or_album', 'pic_weixin'],
]

function readTop(input: Input): AgentButton {
  const name = nameOf(input, 16, top)
  const subs = input['sub_button']
  if (!Array.isArray(subs) || subs.length === 0) return { name, ...responseOf(input, top) }
  if (subs.length > 5) throw new WecomError(40023)
  return {
    name,
    sub_button: objects(input, 'sub_button', 40023).map(one => {
      if (Array.isArray(one['sub_button']) && one['sub_button'].length > 0) throw new WecomError(40022)
      return { name: nameOf(one, 40, below), ...responseOf(one, below) }
    }),
  }
}

function objects(input: Input, key: string, otherwise: Errcode): Input[] {
  const list = input[key]
  if (!Array.isArray(list) || list.some(one => typeof one !== 'object' || one === null))
    throw new WecomError(otherwise)
  return list as Input[]
}

function nameOf(input: Input, most: number, codes: Codes): string {
  const name = text(input, 'name', codes.name) ?? ''
  if (name === '' || Buffer.byteLength(name) > most) throw new WecomError(codes.name)
  return name
}

function responseOf(input: Input, codes: Codes): Omit<AgentButton, 'name'> {
  const type = text(input, 'type', codes.type) ?? ''
  if (withKey.includes(type)) {
    const key = text(input, 'key', codes.key) ?? ''
    if (key === '' || Buffer.byteLength(key) > 128) throw new WecomError(codes.key)
    return { type, key }
  }
  if (type === 'view') {
    const url = text(input, 'url', codes.url) ?? ''
    if (url === '' || Buffer.byteLength(url) > 1024) throw new WecomError(codes.url)
    if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new WecomError(codes.domain)
    return { type, url }
  }
  if (type !== 'view_miniprogram') throw new WecomError(codes.type)
  const [appid, pagepath] = [text(input, 'appid') ?? '', text(input, 'pagepath') ?? '']
  if (appid === '' || pagepath === '') throw new WecomError(40058, appid === '' ? 'appid' : 'pagepath')
  return { type, appid, pagepath }
}
