import { Type } from 'typebox'
import { choice, flag, optionalInteger, optionalText, text, type Values } from '../../platform/http/input.ts'
import { onPage, paging } from '../../platform/http/list-input.ts'
import { administrator, installation, pageCall } from '../../platform/http/page-call.ts'
import { type Language, languageOf, wordsIn } from '../../platform/words.ts'
import { receiversOf } from './receiver-store.ts'
import { receiverSchema, viewOf } from './receiver-view.ts'
import {
  addReceiver,
  formats,
  framings,
  receiverVersion,
  removeReceiver,
  type SiemNeeds,
  setReceiver,
  transports,
} from './receivers.ts'
import { testReceiver } from './test-receiver.ts'

const own = administrator('super')

const listOutput = Type.Object({
  list: Type.Array(Type.Object({ ...receiverSchema.properties, version: Type.String() })),
  total: Type.Number(),
})

async function listed(ctx: SiemNeeds, corpId: string, input: Values<typeof paging>, language: Language) {
  const all = await receiversOf(ctx.db, corpId)
  const list = onPage(all, input).map(one => ({
    ...viewOf(one, ctx.now(), language),
    version: receiverVersion(one),
  }))
  return { list, total: all.length }
}

const id = text('接收端 id', { max: 64 })

const form = {
  id: optionalText('接收端 id；空为新建', { max: 64 }),
  version: optionalText('打开表单时的 version', { max: 64 }),
  name: text('名称', { max: 64 }),
  transport: choice('发送方式', transports),
  address: text('地址', { max: 500 }),
  format: choice('格式', formats),
  framing: choice('分帧', framings),
  language: choice('文字的语言', ['zh', 'en']),
  pen: optionalInteger('企业编号（PEN）', { min: 1, max: 2_147_483_647 }),
  ca: optionalText('CA 证书，PEM', { max: 20_000, lines: true }),
  certificate: optionalText('客户端证书，PEM', { max: 20_000, lines: true }),
  privateKey: optionalText('客户端私钥，PEM；空为不变', { max: 20_000, lines: true }),
  authorization: optionalText('请求头 Authorization；空为不变', { max: 1000 }),
  withoutAuthorization: flag('去掉请求头'),
  fromStart: flag('新建：从保留的第一条开始发送'),
  isOn: flag('启用'),
}

async function save(
  ctx: SiemNeeds,
  actor: string,
  corpId: string,
  input: Values<typeof form>,
): Promise<{ id: string }> {
  const { id: known, version, withoutAuthorization, fromStart, privateKey, authorization, ...given } = input
  const { ca = '', certificate = '' } = given
  const key = certificate === '' ? { privateKey: '' } : privateKey ? { privateKey } : {}
  const header = withoutAuthorization ? { authorization: '' } : authorization ? { authorization } : {}
  const change = { ...given, ca, certificate, ...key, ...header }
  if (!known) return { id: await addReceiver(ctx, actor, corpId, { ...change, fromStart }) }
  await setReceiver(ctx, actor, corpId, known, change, version)
  return { id: known }
}

const trialOutput = Type.Object({ isSent: Type.Boolean(), answer: Type.String() })

async function tried(ctx: SiemNeeds, actor: string, corpId: string, receiver: string, language: Language) {
  const { isSent, answer } = await testReceiver(ctx, actor, corpId, receiver)
  return { isSent, answer: wordsIn(language, answer) }
}

export const listReceivers = pageCall({
  method: 'GET',
  path: '/web/siem',
  access: own,
  point: 'audit:read',
  input: { ...paging },
  output: listOutput,
  handle: (ctx: SiemNeeds, { input, corpId, request }) =>
    listed(ctx, corpId, input, languageOf(request.headers['accept-language'])),
})

export const saveReceiver = pageCall({
  method: 'POST',
  path: '/web/siem/save',
  access: own,
  point: 'audit:forward',
  input: form,
  output: Type.Object({ id: Type.String() }),
  handle: (ctx: SiemNeeds, { input, corpId, visitor }) => save(ctx, visitor.actor, corpId, input),
})

export const removeReceiverCall = pageCall({
  method: 'POST',
  path: '/web/siem/remove',
  access: own,
  point: 'audit:forward',
  input: { id },
  output: Type.Object({}),
  async handle(ctx: SiemNeeds, { input, corpId, visitor }) {
    await removeReceiver(ctx, visitor.actor, corpId, input.id)
    return {}
  },
})

export const testReceiverCall = pageCall({
  method: 'POST',
  path: '/web/siem/test',
  access: own,
  point: 'audit:forward',
  input: { id },
  output: trialOutput,
  outgoing: true,
  handle: (ctx: SiemNeeds, { input, corpId, visitor, request }) =>
    tried(ctx, visitor.actor, corpId, input.id, languageOf(request.headers['accept-language'])),
})

export const listOwnReceivers = pageCall({
  method: 'GET',
  path: '/web/siem/installation',
  access: installation,
  point: 'installation:read',
  input: { ...paging },
  output: listOutput,
  handle: (ctx: SiemNeeds, { input, request }) =>
    listed(ctx, '', input, languageOf(request.headers['accept-language'])),
})

export const saveOwnReceiver = pageCall({
  method: 'POST',
  path: '/web/siem/installation/save',
  access: installation,
  point: 'installation:forward',
  input: form,
  output: Type.Object({ id: Type.String() }),
  handle: (ctx: SiemNeeds, { input, visitor }) => save(ctx, visitor.actor, '', input),
})

export const removeOwnReceiver = pageCall({
  method: 'POST',
  path: '/web/siem/installation/remove',
  access: installation,
  point: 'installation:forward',
  input: { id },
  output: Type.Object({}),
  async handle(ctx: SiemNeeds, { input, visitor }) {
    await removeReceiver(ctx, visitor.actor, '', input.id)
    return {}
  },
})

export const testOwnReceiver = pageCall({
  method: 'POST',
  path: '/web/siem/installation/test',
  access: installation,
  point: 'installation:forward',
  input: { id },
  output: trialOutput,
  outgoing: true,
  handle: (ctx: SiemNeeds, { input, visitor, request }) =>
    tried(ctx, visitor.actor, '', input.id, languageOf(request.headers['accept-language'])),
})
