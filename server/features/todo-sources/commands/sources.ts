import type { Developers } from '../../../callers/developers/developers.ts'
import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, directoryCommand, givenOnly, UsageError } from '../../../platform/command/command.ts'
import { said } from '../../../platform/command/language.ts'
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
import type { Words } from '../../../platform/words.ts'
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

export const kindWords: Record<SourceKind, Words> = {
  weaver: { zh: '泛微', en: 'Weaver (泛微)' },
  seeyon: { zh: '致远', en: 'Seeyon (致远)' },
  landray: { zh: '蓝凌', en: 'Landray (蓝凌)' },
}
export const matchWords: Record<SourceMatch, Words> = {
  userid: { zh: '账号 (userid)', en: 'account (userid)' },
  employeeNo: { zh: '工号', en: 'employee number' },
  mobile: { zh: '手机号', en: 'mobile number' },
  email: { zh: '邮箱', en: 'Mail address' },
}

const id = requiredText('<id>', { zh: '来源 id', en: 'source id' })
const settingParts = {
  addresses: list('--addresses <list>', {
    zh: '允许的来源 IP 或网段，逗号分隔；"" 表示不限',
    en: 'IP addresses or networks it may push from, separated by commas; "" means any',
  }),
  systems: list('--systems <list>', {
    zh: '允许的系统标识（syscode、registerCode、appName），逗号分隔；"" 表示不限',
    en: 'marks of its systems (syscode, registerCode, appName), separated by commas; "" means any',
  }),
  pcPrefix: text('--pc-prefix <URL>', {
    zh: '相对的电脑地址前面加上它',
    en: 'put in front of relative addresses for computers',
  }),
  appPrefix: text('--app-prefix <URL>', {
    zh: '相对的手机地址前面加上它；不填与电脑相同',
    en: 'put in front of relative addresses for phones; by default that for computers',
  }),
  takesUnknownSender: optionalSwitch('--unknown-sender [on|off]', {
    zh: '泛微：发起人不在通讯录也接收',
    en: 'Weaver: also take to-dos whose sender is not in the address book',
  }),
  userName: text('--user <name>', {
    zh: '致远、蓝凌：推送方使用的账号；"" 表示不用',
    en: 'Seeyon, Landray: account that the sender uses; "" means none',
  }),
  password: secret('--password <text>', {
    zh: '致远、蓝凌：推送方使用的密码；"" 表示不用',
    en: 'Seeyon, Landray: password that the sender uses; "" means none',
  }),
}

const add = command({
  path: 'todo source add',
  point: 'todo:settings',
  summary: {
    zh: '添加待办来源，打印要填在对方系统里的地址',
    en: 'Add a source of to-dos, and print the address to enter in the other system',
  },
  details: {
    zh: '不给 --app 时创建一个同名的应用。地址等同密码，只给推送方。',
    en: 'Without --app an app of the same name is created. The address is as good as a password: give it to the sender only.',
  },
  parts: {
    corp: corpPart,
    kind: choice(
      '--kind <kind>',
      { zh: '泛微 weaver、致远 seeyon、蓝凌 landray', en: 'weaver, seeyon or landray' },
      sourceKinds,
    ),
    name: requiredText('--name <text>', { zh: '名称', en: 'name' }),
    match: choice(
      '--match <field>',
      {
        zh: '对方用什么指人：账号、工号、手机号、邮箱',
        en: 'how the other system names people: account, employee number, mobile, mail',
      },
      sourceMatches,
    ),
    app: text('--app <id>', { zh: '待办属于哪个应用', en: 'app that the to-dos belong to' }),
    ...settingParts,
  },
  async run(ctx: Needs, { corp, kind, name, match, app, ...given }) {
    if (!kind) throw new UsageError({ zh: '缺少 --kind <kind>', en: '--kind <kind> is missing' })
    if (!match) throw new UsageError({ zh: '缺少 --match <field>', en: '--match <field> is missing' })
    const corpId = corpOf(ctx, corp)
    const settings = { kind, name, match, appId: app, ...givenOnly(given) }
    const { source, base } = await addSource(ctx, actor, corpId, settings)
    const data = { id: source.id, corpId, kind, name, app: source.appId, base }
    return {
      data,
      text: facts([
        [{ zh: '来源', en: 'Source' }, source.id],
        [{ zh: '应用', en: 'App' }, source.appId],
        [{ zh: '地址', en: 'Address' }, base],
      ]),
    }
  },
})

const listSources = command({
  path: 'todo source list',
  point: 'todo:read',
  summary: { zh: '列出待办来源和各自的地址', en: 'List the sources of to-dos and their addresses' },
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
      ...[
        one.id,
        kindWords[one.kind],
        one.name,
        one.enabled ? said({ zh: '启用', en: 'enabled' }) : said({ zh: '停用', en: 'disabled' }),
        one.app,
      ],
      ...[matchWords[one.match], one.pushedAt ? when(one.pushedAt) : '—', one.unrecognised, one.base],
    ])
    const heads = [
      said({ zh: '编号', en: 'ID' }),
      said({ zh: '系统', en: 'System' }),
      said({ zh: '名称', en: 'Name' }),
      said({ zh: '状态', en: 'State' }),
      said({ zh: '应用', en: 'App' }),
      said({ zh: '按什么找人', en: 'Finds people by' }),
      said({ zh: '最近推送', en: 'Last push' }),
      said({ zh: '未识别', en: 'Not recognised' }),
      said({ zh: '地址', en: 'Address' }),
    ]
    return { data, text: table(heads, rows, { zh: '没有待办来源', en: 'no sources of to-dos' }) }
  },
})

const set = command({
  path: 'todo source set',
  point: 'todo:settings',
  summary: {
    zh: '修改、启用或停用待办来源，或更换它的地址',
    en: 'Change, enable or disable a source of to-dos, or replace its address',
  },
  details: {
    zh: '没有给出的设置保持不变。更换地址后旧的立即失效，要在对方系统里改填。',
    en: 'What is not given stays. The old address is revoked at once; enter the new one in the other system.',
  },
  parts: {
    id,
    corp: corpPart,
    name: text('--name <text>', { zh: '名称', en: 'name' }),
    match: choice(
      '--match <field>',
      { zh: '对方用什么指人', en: 'how the other system names people' },
      sourceMatches,
    ),
    enable: toggle('--enable', { zh: '启用', en: 'enable it' }),
    disable: toggle('--disable', {
      zh: '停用：对方的推送一律被拒绝',
      en: 'disable: all pushes of the other system are refused',
    }),
    newAddress: toggle('--new-address', { zh: '更换地址', en: 'replace the address' }),
    ...settingParts,
  },
  async run(ctx: Needs, { id, corp, enable, disable, newAddress, ...given }) {
    if (enable && disable)
      throw new UsageError({ zh: '--enable 与 --disable 不能同用', en: '--enable excludes --disable' })
    const corpId = corpOf(ctx, corp)
    const enabled = enable ? true : disable ? false : undefined
    const change = givenOnly({ ...given, enabled })
    if (Object.keys(change).length > 0) await setSource(ctx, actor, corpId, id, change)
    if (newAddress) await rotateSource(ctx, actor, corpId, id)
    const source = ctx.sources.get(corpId, id)
    const base = baseOfSource(ctx, source)
    const data = { id, corpId, name: source.name, enabled: source.enabled, base }
    const text = said({
      zh: `已保存来源 ${id}（${source.enabled ? '启用' : '停用'}）`,
      en: `saved the source ${id} (${source.enabled ? 'enabled' : 'disabled'})`,
    })
    return {
      data,
      text: newAddress ? said({ zh: `${text}\n新地址: ${base}`, en: `${text}\nnew address: ${base}` }) : text,
    }
  },
})

const remove = command({
  path: 'todo source remove',
  point: 'todo:settings',
  summary: {
    zh: '删除待办来源和它未识别的推送；已收到的待办保留',
    en: 'Delete a source of to-dos and its pushes that were not recognised; to-dos that were received stay',
  },
  parts: { id, corp: corpPart },
  async run(ctx: Needs, { id, corp }) {
    await removeSource(ctx, actor, corpOf(ctx, corp), id)
    return { data: { id }, text: said({ zh: `已删除来源 ${id}`, en: `deleted the source ${id}` }) }
  },
})

const listedAtMost = 200

const listNotUnderstood = command({
  path: 'todo source unrecognised',
  point: 'todo:read',
  summary: {
    zh: `列出未识别的推送，新的在前，最多 ${listedAtMost} 条`,
    en: `List pushes that were not recognised, newest first, ${listedAtMost} at most`,
  },
  parts: {
    corp: corpPart,
    source: text('--source <id>', { zh: '只要这个来源的', en: 'only of this source' }),
    waiting: toggle('--waiting', {
      zh: '也列出还在等待其待办的',
      en: 'those too that still wait for their to-do',
    }),
  },
  async run(ctx: Needs, { corp, source, waiting }) {
    const filter = { sourceId: source, reason: undefined, words: '', isWithoutWaiting: !waiting }
    const page = { limit: listedAtMost, offset: 0 }
    const { list: data, total } = await listUnrecognised(ctx.db, corpOf(ctx, corp), filter, page)
    const rows = data.map(one => [
      ...[one.id, one.sourceId, one.call, said(reasons[one.reason]), one.about, one.times, when(one.lastAt)],
    ])
    const heads = [
      said({ zh: '编号', en: 'ID' }),
      said({ zh: '来源', en: 'Source' }),
      said({ zh: '接口', en: 'Call' }),
      said({ zh: '原因', en: 'Reason' }),
      said({ zh: '是什么', en: 'What it is' }),
      said({ zh: '次数', en: 'Times' }),
      said({ zh: '最近', en: 'Last' }),
    ]
    return {
      data: { list: data, total },
      text: table(heads, rows, { zh: '没有未识别的推送', en: 'no pushes that were not recognised' }),
    }
  },
})

const replay = directoryCommand({
  path: 'todo source replay',
  point: 'todo:settings',
  summary: {
    zh: '重放未识别的推送：一条，一个来源的，或全部',
    en: 'Replay pushes that were not recognised: one, those of a source, or all',
  },
  parts: {
    corp: corpPart,
    id: integer('--id <n>', { zh: '只重放这一条', en: 'only this one' }, anyId),
    source: text('--source <id>', { zh: '只重放这个来源的', en: 'only of this source' }),
  },
  async run(ctx: ReplayNeeds & { corps: Corps }, { corp, id, source }) {
    const corpId = corpOf(ctx, corp)
    const filter = { sourceId: source, reason: undefined, words: '', isWithoutWaiting: false }
    const data =
      id === undefined ? await replayAll(ctx, actor, corpId, filter) : await replayOne(ctx, actor, corpId, id)
    const text = said({
      zh: `已识别 ${formatCount(data.applied)} 条，仍未识别 ${formatCount(data.left)} 条`,
      en: `recognised ${formatCount(data.applied)}, not recognised ${formatCount(data.left)}`,
    })
    return { data, text }
  },
})

export const sourceCommands = [add, listSources, set, remove, listNotUnderstood, replay]
