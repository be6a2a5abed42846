import { readFile } from 'node:fs/promises'
import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, givenOnly, UsageError } from '../../platform/command/command.ts'
import { commandLanguage, said } from '../../platform/command/language.ts'
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
import type { Words } from '../../platform/words.ts'
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
  installation: toggle('--installation', {
    zh: '平台自己的审计，不属于任何企业',
    en: 'the audit log of the installation, which belongs to no corp',
  }),
}

/** '' for the installation. */
function ownerOf(ctx: SiemNeeds, given: { corp: string | undefined; installation: boolean }): string {
  if (given.installation && given.corp)
    throw new UsageError({ zh: '--installation 与 --corp 不能同用', en: '--installation excludes --corp' })
  return given.installation ? '' : corpOf(ctx, given.corp)
}

const file = (flags: string, description: Words) => ({ ...text(flags, description), kind: 'file' as const })

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
  format: choice(
    '--format <format>',
    { zh: '格式：text、cef；HTTPS 为 ocsf', en: 'format: text, cef; ocsf for HTTPS' },
    formats,
  ),
  framing: choice(
    '--framing <framing>',
    {
      zh: '分帧：octets 长度在前（默认），lf 换行',
      en: 'framing: octets puts the length first (by default), lf ends with a line feed',
    },
    framings,
  ),
  language: choice(
    '--language <language>',
    { zh: '文字的语言，默认 zh', en: 'language of the texts, zh by default' },
    ['zh', 'en'],
  ),
  pen: integer(
    '--pen <number>',
    { zh: '企业编号（PEN），默认 32473', en: 'private enterprise number (PEN), 32473 by default' },
    { min: 1, max: 2_147_483_647 },
  ),
  ca: file('--ca <file>', {
    zh: 'CA 证书的文件；"" 去掉',
    en: 'file of the CA certificate; "" takes it away',
  }),
  certificate: file('--certificate <file>', {
    zh: '客户端证书的文件；"" 去掉',
    en: 'file of the client certificate; "" takes it away',
  }),
  privateKey: file('--private-key <file>', {
    zh: '客户端私钥的文件；"" 去掉',
    en: 'file of the private key of the client; "" takes it away',
  }),
  authorization: secret('--authorization <value>', {
    zh: 'HTTPS 请求头 Authorization 的值；"" 去掉',
    en: 'value of the HTTPS header Authorization; "" takes it away',
  }),
}
const id = requiredText('<id>', { zh: '接收端 id', en: 'receiver id' })

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
  off: { zh: '已停用', en: 'revoked' },
  waiting: { zh: '还没有发送', en: 'nothing sent yet' },
  good: { zh: '正常', en: 'right' },
  failing: { zh: '正在重试', en: 'retrying' },
  late: { zh: '已中断超过 15 分钟', en: 'down for more than 15 minutes' },
}

const list = command({
  path: 'siem list',
  point: 'audit:read',
  summary: {
    zh: '列出审计的接收端（SIEM）、状态和等待的条数',
    en: 'List the receivers of the audit log (SIEM), their state and how many entries wait',
  },
  parts: whose,
  async run(ctx: SiemNeeds, given) {
    const all = await receiversOf(ctx.db, ownerOf(ctx, given))
    const data = all.map(one => viewOf(one, ctx.now(), commandLanguage()))
    const rows = data.map(one => [
      one.id,
      one.name,
      `${one.transport} ${one.address} ${one.format}`,
      states[one.state],
      when(one.sentAt),
      one.waiting,
      one.failure,
    ])
    const heads = [
      'id',
      said({ zh: '名称', en: 'Name' }),
      said({ zh: '发送到', en: 'Sent to' }),
      said({ zh: '状态', en: 'State' }),
      said({ zh: '最近接收', en: 'Last received' }),
      said({ zh: '等待', en: 'Waits for' }),
      said({ zh: '原因', en: 'Reason' }),
    ]
    return { data, text: table(heads, rows, { zh: '没有接收端', en: 'no receivers' }) }
  },
})

const add = command({
  path: 'siem add',
  point: 'audit:forward',
  summary: { zh: '把审计和提醒发送到 SIEM', en: 'Send the audit log and alerts to a SIEM' },
  details: {
    zh: 'syslog 的地址为 主机:端口，例如 siem.example.com:6514；--transport https 的地址以 https:// 开头。',
    en: 'An address of syslog is host:port, such as siem.example.com:6514; one for --transport https begins with https://.',
  },
  parts: {
    name: requiredText('<name>', { zh: '名称', en: 'name' }),
    address: requiredText('<address>', { zh: '地址', en: 'address' }),
    transport: choice(
      '--transport <transport>',
      { zh: '发送方式：tls（默认）、tcp 或 https', en: 'transport: tls (by default), tcp or https' },
      transports,
    ),
    fromStart: toggle('--from-start', {
      zh: '从保留的第一条开始发送；默认从现在开始',
      en: 'begin with the first entry that is kept; by default with the next one',
    }),
    ...whose,
    ...open,
  },
  async run(ctx: SiemNeeds, { name, address, transport = 'tls', fromStart, corp, installation, ...given }) {
    const corpId = ownerOf(ctx, { corp, installation })
    const change = await changeOf(given)
    const made = await addReceiver(ctx, actor, corpId, { ...change, name, address, transport, fromStart })
    return {
      data: { id: made },
      text: said({
        zh: `已添加 ${made}；用 wisp siem test ${made} 测试`,
        en: `added ${made}; test it with wisp siem test ${made}`,
      }),
    }
  },
})

const set = command({
  path: 'siem set',
  point: 'audit:forward',
  summary: { zh: '修改接收端；只给出要修改的项', en: 'Change a receiver; give only what is to change' },
  parts: {
    id,
    name: text('--name <name>', { zh: '名称', en: 'name' }),
    address: text('--address <address>', { zh: '地址', en: 'address' }),
    transport: choice(
      '--transport <transport>',
      { zh: '发送方式：tls、tcp 或 https', en: 'transport: tls, tcp or https' },
      transports,
    ),
    isOn: optionalSwitch('--on [on|off]', {
      zh: '启用或停用；停用期间的审计在启用后补发',
      en: 'switch it on or off; entries from while it was off are sent when it is on',
    }),
    ...whose,
    ...open,
  },
  async run(ctx: SiemNeeds, { id: named, corp, installation, ...given }) {
    const change = await changeOf(given)
    if (Object.keys(change).length === 0)
      throw new UsageError({ zh: '没有要修改的设置', en: 'no setting to change was given' })
    await setReceiver(ctx, actor, ownerOf(ctx, { corp, installation }), named, change)
    return { data: { id: named }, text: said({ zh: '已保存', en: 'saved' }) }
  },
})

const remove = command({
  path: 'siem remove',
  point: 'audit:forward',
  summary: {
    zh: '移除接收端；等待的审计不再发送给它',
    en: 'Remove a receiver; waiting entries are not sent to it',
  },
  parts: { id, ...whose },
  async run(ctx: SiemNeeds, { id: named, ...given }) {
    await removeReceiver(ctx, actor, ownerOf(ctx, given), named)
    return { data: { id: named }, text: said({ zh: '已移除', en: 'removed' }) }
  },
})

const test = command({
  path: 'siem test',
  point: 'audit:forward',
  summary: {
    zh: '向接收端发送一条测试记录，显示它的应答',
    en: 'Send a test entry to a receiver, and show its response',
  },
  parts: { id, ...whose },
  async run(ctx: SiemNeeds, { id: named, ...given }) {
    const { isSent, answer } = await testReceiver(ctx, actor, ownerOf(ctx, given), named)
    const data = { isSent, answer: said(answer) }
    return {
      data,
      text: isSent
        ? said({ zh: `已发送：${answer.zh}`, en: `sent: ${answer.en}` })
        : said({ zh: `没有送达：${answer.zh}`, en: `not delivered: ${answer.en}` }),
    }
  },
})

export const siemCommands = [list, add, set, remove, test]
