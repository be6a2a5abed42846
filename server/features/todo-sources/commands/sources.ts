import type { Developers } from '../../../callers/developers/developers.ts'
import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, directoryCommand, givenOnly, UsageError } from '../../../platform/command/command.ts'
import {
  anyId,
  choice,
  integer,
  list,
  optionalSwitch,
  requiredText,
  secret,
  text,
  toggle,
} from '../../../platform/command/parts.ts'
import { facts, table, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { formatCount } from '../../../platform/format.ts'
import type { Apps } from '../../apps/catalog.ts'
import type { Sources } from '../catalog.ts'
import { reasons } from '../reason.ts'
import { type ReplayNeeds, replayAll, replayOne } from '../replay.ts'
import { type SourceKind, type SourceMatch, sourceKinds, sourceMatches } from '../source.ts'
import { addSource, baseOfSource, removeSource, rotateSource, setSource } from '../sources.ts'
import { countsOfSources, listUnrecognised } from '../unrecognised/store.ts'

type Needs = Core & {
  apps: Apps
  corps: Corps
  developers: Developers
  mirrors: Pick<Mirrors, 'load'>
  sources: Sources
}

export const kindWords: Record<SourceKind, string> = { weaver: '泛微', seeyon: '致远', landray: '蓝凌' }
export const matchWords: Record<SourceMatch, string> = {
  userid: '账号 (userid)',
  employeeNo: '工号',
  mobile: '手机号',
  email: '邮箱',
}

const id = requiredText('<id>', '来源 id')
const settingParts = {
  addresses: list('--addresses <list>', '允许的来源 IP 或网段，逗号分隔；"" 表示不限'),
  systems: list(
    '--systems <list>',
    '允许的系统标识（syscode、registerCode、appName），逗号分隔；"" 表示不限',
  ),
  pcPrefix: text('--pc-prefix <URL>', '相对的电脑地址前面加上它'),
  appPrefix: text('--app-prefix <URL>', '相对的手机地址前面加上它；不填与电脑相同'),
  takesUnknownSender: optionalSwitch('--unknown-sender [on|off]', '泛微：发起人不在通讯录也接收'),
  userName: text('--user <name>', '致远、蓝凌：推送方使用的账号；"" 表示不用'),
  password: secret('--password <text>', '致远、蓝凌：推送方使用的密码；"" 表示不用'),
}

const add = command({
  path: 'todo source add',
  point: 'todo:settings',
  summary: '添加待办来源，打印要填在对方系统里的地址',
  details: '不给 --app 时创建一个同名的应用。地址等同密码，只给推送方。',
  parts: {
    corp: corpPart,
    kind: choice('--kind <kind>', '泛微 weaver、致远 seeyon、蓝凌 landray', sourceKinds),
    name: requiredText('--name <text>', '名称'),
    match: choice('--match <field>', '对方用什么指人：账号、工号、手机号、邮箱', sourceMatches),
    app: text('--app <id>', '待办属于哪个应用'),
    ...settingParts,
  },
  async run(ctx: Needs, { corp, kind, name, match, app, ...given }) {
    if (!kind) throw new UsageError('缺少 --kind <kind>')
    if (!match) throw new UsageError('缺少 --match <field>')
    const corpId = corpOf(ctx, corp)
    const settings = { kind, name, match, appId: app, ...givenOnly(given) }
    const { source, base } = await addSource(ctx, actor, corpId, settings)
    const data = { id: source.id, corpId, kind, name, app: source.appId, base }
    return {
      data,
      text: facts([
        ['来源', source.id],
        ['应用', source.appId],
        ['地址', base],
      ]),
    }
  },
})

const listSources = command({
  path: 'todo source list',
  point: 'todo:read',
  summary: '列出待办来源和各自的地址',
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const corpId = corpOf(ctx, corp)
    const counts = await countsOfSources(ctx.db, corpId)
    const data = ctx.sources.ofCorp(corpId).map(source => {
      const { id, kind, name, match, enabled, appId, pushedAt } = source
      const { kept = 0, waiting = 0 } = counts.get(id) ?? {}
      const base = baseOfSource(ctx, source)
      return { id, kind, name, match, enabled, app: appId, pushedAt, unrecognised: kept, waiting, base }
    })
    const rows = data.map(one => [
      ...[one.id, kindWords[one.kind], one.name, one.enabled ? '启用' : '停用', one.app],
      ...[matchWords[one.match], one.pushedAt ? when(one.pushedAt) : '—', one.unrecognised, one.base],
    ])
    const heads = ['编号', '系统', '名称', '状态', '应用', '按什么找人', '最近推送', '未识别', '地址']
    return { data, text: table(heads, rows, '没有待办来源') }
  },
})

const set = command({
  path: 'todo source set',
  point: 'todo:settings',
  summary: '修改、启用或停用待办来源，或更换它的地址',
  details: '没有给出的设置保持不变。更换地址后旧的立即失效，要在对方系统里改填。',
  parts: {
    id,
    corp: corpPart,
    name: text('--name <text>', '名称'),
    match: choice('--match <field>', '对方用什么指人', sourceMatches),
    enable: toggle('--enable', '启用'),
    disable: toggle('--disable', '停用：对方的推送一律被拒绝'),
    newAddress: toggle('--new-address', '更换地址'),
    ...settingParts,
  },
  async run(ctx: Needs, { id, corp, enable, disable, newAddress, ...given }) {
    if (enable && disable) throw new UsageError('--enable 与 --disable 不能同用')
    const corpId = corpOf(ctx, corp)
    const enabled = enable ? true : disable ? false : undefined
    const change = givenOnly({ ...given, enabled })
    if (Object.keys(change).length > 0) await setSource(ctx, actor, corpId, id, change)
    if (newAddress) await rotateSource(ctx, actor, corpId, id)
    const source = ctx.sources.get(corpId, id)
    const base = baseOfSource(ctx, source)
    const data = { id, corpId, name: source.name, enabled: source.enabled, base }
    const text = `已保存来源 ${id}（${source.enabled ? '启用' : '停用'}）`
    return { data, text: newAddress ? `${text}\n新地址: ${base}` : text }
  },
})

const remove = command({
  path: 'todo source remove',
  point: 'todo:settings',
  summary: '删除待办来源和它未识别的推送；已收到的待办保留',
  parts: { id, corp: corpPart },
  async run(ctx: Needs, { id, corp }) {
    await removeSource(ctx, actor, corpOf(ctx, corp), id)
    return { data: { id }, text: `已删除来源 ${id}` }
  },
})

const listedAtMost = 200

const listNotUnderstood = command({
  path: 'todo source unrecognised',
  point: 'todo:read',
  summary: `列出未识别的推送，新的在前，最多 ${listedAtMost} 条`,
  parts: {
    corp: corpPart,
    source: text('--source <id>', '只要这个来源的'),
    waiting: toggle('--waiting', '也列出还在等待其待办的'),
  },
  async run(ctx: Needs, { corp, source, waiting }) {
    const filter = { sourceId: source, reason: undefined, words: '', isWithoutWaiting: !waiting }
    const page = { limit: listedAtMost, offset: 0 }
    const { list: data, total } = await listUnrecognised(ctx.db, corpOf(ctx, corp), filter, page)
    const rows = data.map(one => [
      ...[one.id, one.sourceId, one.call, reasons[one.reason].zh, one.about, one.times, when(one.lastAt)],
    ])
    const heads = ['编号', '来源', '接口', '原因', '是什么', '次数', '最近']
    return { data: { list: data, total }, text: table(heads, rows, '没有未识别的推送') }
  },
})

const replay = directoryCommand({
  path: 'todo source replay',
  point: 'todo:settings',
  summary: '重放未识别的推送：一条，一个来源的，或全部',
  parts: {
    corp: corpPart,
    id: integer('--id <n>', '只重放这一条', anyId),
    source: text('--source <id>', '只重放这个来源的'),
  },
  async run(ctx: ReplayNeeds & { corps: Corps }, { corp, id, source }) {
    const corpId = corpOf(ctx, corp)
    const filter = { sourceId: source, reason: undefined, words: '', isWithoutWaiting: false }
    const data =
      id === undefined ? await replayAll(ctx, actor, corpId, filter) : await replayOne(ctx, actor, corpId, id)
    const text = `已识别 ${formatCount(data.applied)} 条，仍未识别 ${formatCount(data.left)} 条`
    return { data, text }
  },
})

export const sourceCommands = [add, listSources, set, remove, listNotUnderstood, replay]
