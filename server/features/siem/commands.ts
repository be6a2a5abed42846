import { readFile } from 'node:fs/promises'
import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, givenOnly, UsageError } from '../../platform/command/command.ts'
import {
  choice,
  integer,
  optionalSwitch,
  requiredText,
  secret,
  text,
  toggle,
} from '../../platform/command/parts.ts'
import { table, when } from '../../platform/command/text.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import { receiversOf } from './receiver-store.ts'
import { viewOf } from './receiver-view.ts'
import {
  addReceiver,
  formats,
  framings,
  removeReceiver,
  type SiemNeeds,
  setReceiver,
  transports,
} from './receivers.ts'
import { testReceiver } from './test-receiver.ts'

const whose = {
  corp: corpPart,
  installation: toggle('--installation', '平台自己的审计，不属于任何企业'),
}

/** '' for the installation. */
function ownerOf(ctx: SiemNeeds, given: { corp: string | undefined; installation: boolean }): string {
  if (given.installation && given.corp) throw new UsageError('--installation 与 --corp 不能同用')
  return given.installation ? '' : corpOf(ctx, given.corp)
}

const file = (flags: string, description: string) => ({ ...text(flags, description), kind: 'file' as const })

async function pemOf(path: string | undefined): Promise<string | undefined> {
  if (path === undefined || path === '') return path
  return readFile(path, 'utf8').catch(error => {
    throw new ApiError('badParameter', {
      zh: told`读不到文件 ${path}: ${(error as NodeJS.ErrnoException).code ?? error}`,
      en: told`cannot read ${path}: ${(error as NodeJS.ErrnoException).code ?? error}`,
    })
  })
}

const open = {
  format: choice('--format <format>', '格式：text、cef；HTTPS 为 ocsf', formats),
  framing: choice('--framing <framing>', '分帧：octets 长度在前（默认），lf 换行', framings),
  language: choice('--language <language>', '文字的语言，默认 zh', ['zh', 'en']),
  pen: integer('--pen <number>', '企业编号（PEN），默认 32473', { min: 1, max: 2_147_483_647 }),
  ca: file('--ca <file>', 'CA 证书的文件；"" 去掉'),
  certificate: file('--certificate <file>', '客户端证书的文件；"" 去掉'),
  privateKey: file('--private-key <file>', '客户端私钥的文件；"" 去掉'),
  authorization: secret('--authorization <value>', 'HTTPS 请求头 Authorization 的值；"" 去掉'),
}
const id = requiredText('<id>', '接收端 id')

type PemFiles = { ca: string | undefined; certificate: string | undefined; privateKey: string | undefined }

async function changeOf<G extends PemFiles>(given: G) {
  const [ca, certificate, privateKey] = await Promise.all([
    pemOf(given.ca),
    pemOf(given.certificate),
    pemOf(given.privateKey),
  ])
  return givenOnly({ ...given, ca, certificate, privateKey })
}

const states = {
  off: '已停用',
  waiting: '还没有发送',
  good: '正常',
  failing: '正在重试',
  late: '已中断超过 15 分钟',
}

const list = command({
  path: 'siem list',
  point: 'audit:read',
  summary: '列出审计的接收端（SIEM）、状态和等待的条数',
  parts: whose,
  async run(ctx: SiemNeeds, given) {
    const all = await receiversOf(ctx.db, ownerOf(ctx, given))
    const data = all.map(one => viewOf(one, ctx.now(), 'zh'))
    const rows = data.map(one => [
      one.id,
      one.name,
      `${one.transport} ${one.address} ${one.format}`,
      states[one.state],
      when(one.sentAt),
      one.waiting,
      one.failure,
    ])
    const heads = ['id', '名称', '发送到', '状态', '最近接收', '等待', '原因']
    return { data, text: table(heads, rows, '没有接收端') }
  },
})

const add = command({
  path: 'siem add',
  point: 'audit:forward',
  summary: '把审计和提醒发送到 SIEM',
  details:
    'syslog 的地址为 主机:端口，例如 siem.example.com:6514；--transport https 的地址以 https:// 开头。',
  parts: {
    name: requiredText('<name>', '名称'),
    address: requiredText('<address>', '地址'),
    transport: choice('--transport <transport>', '发送方式：tls（默认）、tcp 或 https', transports),
    fromStart: toggle('--from-start', '从保留的第一条开始发送；默认从现在开始'),
    ...whose,
    ...open,
  },
  async run(ctx: SiemNeeds, { name, address, transport = 'tls', fromStart, corp, installation, ...given }) {
    const corpId = ownerOf(ctx, { corp, installation })
    const change = await changeOf(given)
    const made = await addReceiver(ctx, actor, corpId, { ...change, name, address, transport, fromStart })
    return { data: { id: made }, text: `已添加 ${made}；用 wisp siem test ${made} 测试` }
  },
})

const set = command({
  path: 'siem set',
  point: 'audit:forward',
  summary: '修改接收端；只给出要修改的项',
  parts: {
    id,
    name: text('--name <name>', '名称'),
    address: text('--address <address>', '地址'),
    transport: choice('--transport <transport>', '发送方式：tls、tcp 或 https', transports),
    isOn: optionalSwitch('--on [on|off]', '启用或停用；停用期间的审计在启用后补发'),
    ...whose,
    ...open,
  },
  async run(ctx: SiemNeeds, { id: named, corp, installation, ...given }) {
    const change = await changeOf(given)
    if (Object.keys(change).length === 0) throw new UsageError('没有要修改的设置')
    await setReceiver(ctx, actor, ownerOf(ctx, { corp, installation }), named, change)
    return { data: { id: named }, text: '已保存' }
  },
})

const remove = command({
  path: 'siem remove',
  point: 'audit:forward',
  summary: '移除接收端；等待的审计不再发送给它',
  parts: { id, ...whose },
  async run(ctx: SiemNeeds, { id: named, ...given }) {
    await removeReceiver(ctx, actor, ownerOf(ctx, given), named)
    return { data: { id: named }, text: '已移除' }
  },
})

const test = command({
  path: 'siem test',
  point: 'audit:forward',
  summary: '向接收端发送一条测试记录，显示它的应答',
  parts: { id, ...whose },
  async run(ctx: SiemNeeds, { id: named, ...given }) {
    const { isSent, answer } = await testReceiver(ctx, actor, ownerOf(ctx, given), named)
    const data = { isSent, answer: answer.zh }
    return { data, text: isSent ? `已发送：${answer.zh}` : `没有送达：${answer.zh}` }
  },
})

export const siemCommands = [list, add, set, remove, test]
