import { createWriteStream } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { findConsents } from '../../callers/consents/store.ts'
import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, UsageError } from '../../platform/command/command.ts'
import {
  anyId,
  choice,
  file,
  integer,
  requiredInteger,
  requiredText,
  text,
  time,
} from '../../platform/command/parts.ts'
import { table, when } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { copyNow } from './copies/copy.ts'
import { copyFormats } from './copies/render.ts'
import { askErasure } from './erasure/erase.ts'
import { findPerson } from './find-person.ts'
import { findHolds } from './holds/hold-store.ts'
import { endHold, holdPerson } from './holds/holds.ts'
import { countRegister, type RegisterNeeds, registerOf } from './register.ts'
import { findRequests } from './request-store.ts'
import { eraseDays, setEraseDays } from './settings.ts'
import { readTombstones, tombstoneFile } from './tombstone-file.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers }

const listedAtMost = 200
const firstPage = { limit: listedAtMost, offset: 0 }
const userId = requiredText('<userId>', '账号')
const id = integer('--id <number>', '人员编号，几个已离职的人用过同一账号时须填', anyId)
const out = file('--out <file>', '写到这个文件，权限 0600；已存在时拒绝')

const register = command({
  path: 'person register',
  point: 'person:read',
  summary: '列出得到个人信息的开发者与应用',
  parts: { corp: corpPart },
  async run(ctx: RegisterNeeds, { corp }) {
    const corpId = corpOf(ctx, corp)
    await countRegister(ctx, corpId)
    const { rows: data } = await registerOf(ctx, corpId)
    const rows = data.map(one => [
      one.kind,
      one.id,
      one.name,
      one.by.join(' '),
      one.fields.join(' '),
      one.people,
    ])
    return { data, text: table(['种类', '编号', '名称', '权限', '字段', '30 天人数'], rows, '没有') }
  },
})

const copy = command({
  path: 'person copy',
  point: 'person:copy',
  summary: '把一个人的全部个人信息写到文件',
  parts: {
    corp: corpPart,
    userId,
    id,
    out,
    format: choice('--format <format>', '格式，默认 json', copyFormats),
  },
  async run(ctx: Needs, { corp, userId, id, out, format = 'json' }) {
    const corpId = corpOf(ctx, corp)
    const person = await findPerson(ctx, corpId, { userId, id })
    try {
      await copyNow(ctx, actor, corpId, person, format, text =>
        pipeline(Readable.from(text), createWriteStream(out, { mode: 0o600, flags: 'wx', flush: true })),
      )
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new UsageError(`${out} 已存在，不会覆盖`)
      // Half a copy looks like a whole one.
      await rm(out, { force: true })
      throw error
    }
    return { data: { file: out }, text: `已写到 ${out}` }
  },
})

const erase = command({
  path: 'person erase',
  point: 'person:erase',
  summary: '删除已离职人员的个人信息，不可恢复；由节点执行',
  parts: { corp: corpPart, userId, id, reason: requiredText('--reason <text>', '原因') },
  async run(ctx: Needs, { corp, userId, id, reason }) {
    const corpId = corpOf(ctx, corp)
    const person = await findPerson(ctx, corpId, { userId, id })
    const request = await askErasure(ctx, actor, corpId, person, { cause: 'asked', reason })
    return { data: { id: request }, text: `已申请，编号 ${request}；进度见 wisp person requests` }
  },
})

const requests = command({
  path: 'person requests',
  point: 'person:read',
  summary: `列出副本与删除的申请，新的在前，最多 ${listedAtMost} 条`,
  parts: { corp: corpPart, kind: choice('--kind <kind>', '只列出', ['copy', 'erase']) },
  async run(ctx: Needs, { corp, kind }) {
    const { list: data } = await findRequests(ctx.db, { corpId: corpOf(ctx, corp), kind }, firstPage)
    const rows = data.map(one => [
      one.id,
      one.kind === 'copy' ? '副本' : '删除',
      one.userId || '（已删除）',
      stateWords[one.state],
      when(one.askedAt),
      one.report.why?.zh ?? '',
    ])
    return { data, text: table(['编号', '种类', '账号', '状态', '申请于', '原因'], rows, '没有申请') }
  },
})
const stateWords = { asked: '等待', done: '完成', refused: '拒绝', failed: '失败' } as const

const settings = command({
  path: 'person settings',
  point: 'person:erase',
  summary: '设置离职多少天后自动删除；不加 --leavers 为关闭',
  parts: { corp: corpPart, leavers: integer('--leavers <days>', '离职后的天数', eraseDays) },
  async run(ctx: Needs, { corp, leavers }) {
    await setEraseDays(ctx, actor, corpOf(ctx, corp), leavers)
    const text = leavers === undefined ? '不自动删除' : `离职 ${leavers} 天后删除`
    return { data: { eraseDays: leavers ?? null }, text }
  },
})

const hold = command({
  path: 'person hold',
  point: 'person:hold',
  summary: '保全一个人的记录：到期前不删除',
  parts: {
    corp: corpPart,
    userId,
    id,
    reason: requiredText('--reason <text>', '原因'),
    until: time('--until <time>', '到何时，ISO 8601'),
  },
  async run(ctx: Needs, { corp, userId, id, reason, until }) {
    if (!until) throw new UsageError('缺少 --until <time>')
    const corpId = corpOf(ctx, corp)
    const person = await findPerson(ctx, corpId, { userId, id })
    const hold = await holdPerson(ctx, actor, corpId, person, { reason, until })
    return { data: { id: hold }, text: `已保全，编号 ${hold}，到 ${when(until)}` }
  },
})

const holds = command({
  path: 'person holds',
  point: 'person:read',
  summary: `列出保全，未结束的在前，最多 ${listedAtMost} 条`,
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const { list: data } = await findHolds(ctx.db, { corpId: corpOf(ctx, corp) }, firstPage)
    const rows = data.map(one => [one.id, one.userId, one.reason, when(one.until), when(one.endedAt)])
    return { data, text: table(['编号', '账号', '原因', '到', '结束于'], rows, '没有保全') }
  },
})

const release = command({
  path: 'person release',
  point: 'person:hold',
  summary: '结束保全；为它留存的记录在夜里删除',
  parts: { corp: corpPart, hold: requiredInteger('<hold>', '保全的编号', anyId) },
  async run(ctx: Needs, { corp, hold }) {
    await endHold(ctx, actor, corpOf(ctx, corp), hold)
    return { data: { id: hold }, text: `保全 ${hold} 已结束` }
  },
})

const consents = command({
  path: 'person consents',
  point: 'person:read',
  summary: `列出同意的记录，新的在前，最多 ${listedAtMost} 条`,
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const { list: data } = await findConsents(ctx.db, { corpId: corpOf(ctx, corp) }, firstPage)
    const rows = data.map(one => [
      one.memberId,
      one.said.name,
      one.said.claims.join(' '),
      when(one.givenAt),
      when(one.withdrawnAt),
    ])
    return { data, text: table(['人员编号', '应用', '字段', '同意于', '撤回于'], rows, '没有同意') }
  },
})

const erased = command({
  path: 'person erased',
  point: 'person:erase',
  summary: '导出已删除人员的编号，或在恢复旧备份后读入，使他们再次被删除',
  parts: { out: text('--out <file>', '导出到文件'), from: text('--from <file>', '从文件读入') },
  async run(ctx: Core, { out, from }) {
    if ((out === undefined) === (from === undefined)) throw new UsageError('须给出 --out 或 --from 之一')
    if (out !== undefined) {
      await writeFile(out, await tombstoneFile(ctx), { mode: 0o600 })
      return { data: { file: out }, text: `已写到 ${out}` }
    }
    const added = await readTombstones(ctx, actor, await textOf(from ?? ''))
    return { data: { added }, text: `读入 ${added} 个；今夜再次删除` }
  },
})

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(error => {
    throw new UsageError(`读不到文件 ${path}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`)
  })
}

export const personCommands = [
  register,
  copy,
  erase,
  requests,
  settings,
  hold,
  holds,
  release,
  consents,
  erased,
]
