import { createWriteStream } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { findConsents } from '../../callers/consents/store.ts'
import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, UsageError } from '../../platform/command/command.ts'
import { said } from '../../platform/command/language.ts'
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
const userId = requiredText('<userId>', { zh: '账号', en: 'account' })
const id = integer(
  '--id <number>',
  {
    zh: '人员编号，几个已离职的人用过同一账号时须填',
    en: 'ID of the person, needed if several former members had the account',
  },
  anyId,
)
const out = file('--out <file>', {
  zh: '写到这个文件，权限 0600；已存在时拒绝',
  en: 'write to this file, mode 0600; refused if it exists',
})

const register = command({
  path: 'person register',
  point: 'person:read',
  summary: {
    zh: '列出得到个人信息的开发者与应用',
    en: 'List developers and apps that receive personal data',
  },
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
    return {
      data,
      text: table(
        [
          { zh: '种类', en: 'Kind' },
          { zh: '编号', en: 'ID' },
          { zh: '名称', en: 'Name' },
          { zh: '权限', en: 'Scopes' },
          { zh: '字段', en: 'Fields' },
          { zh: '30 天人数', en: 'People in 30 days' },
        ],
        rows,
        { zh: '没有', en: 'no' },
      ),
    }
  },
})

const copy = command({
  path: 'person copy',
  point: 'person:copy',
  summary: { zh: '把一个人的全部个人信息写到文件', en: 'Write all personal data of a person to a file' },
  parts: {
    corp: corpPart,
    userId,
    id,
    out,
    format: choice(
      '--format <format>',
      { zh: '格式，默认 json', en: 'format, json by default' },
      copyFormats,
    ),
  },
  async run(ctx: Needs, { corp, userId, id, out, format = 'json' }) {
    const corpId = corpOf(ctx, corp)
    const person = await findPerson(ctx, corpId, { userId, id })
    try {
      await copyNow(ctx, actor, corpId, person, format, text =>
        pipeline(Readable.from(text), createWriteStream(out, { mode: 0o600, flags: 'wx', flush: true })),
      )
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST')
        throw new UsageError({ zh: `${out} 已存在，不会覆盖`, en: `${out} exists and is not overwritten` })
      // Half a copy looks like a whole one.
      await rm(out, { force: true })
      throw error
    }
    return { data: { file: out }, text: said({ zh: `已写到 ${out}`, en: `written to ${out}` }) }
  },
})

const erase = command({
  path: 'person erase',
  point: 'person:erase',
  summary: {
    zh: '删除已离职人员的个人信息，不可恢复；由节点执行',
    en: 'Delete the personal data of a former member for good; a node does it',
  },
  parts: {
    corp: corpPart,
    userId,
    id,
    reason: requiredText('--reason <text>', { zh: '原因', en: 'reason' }),
  },
  async run(ctx: Needs, { corp, userId, id, reason }) {
    const corpId = corpOf(ctx, corp)
    const person = await findPerson(ctx, corpId, { userId, id })
    const request = await askErasure(ctx, actor, corpId, person, { cause: 'asked', reason })
    return {
      data: { id: request },
      text: said({
        zh: `已申请，编号 ${request}；进度见 wisp person requests`,
        en: `requested as ${request}; wisp person requests shows how far it is`,
      }),
    }
  },
})

const requests = command({
  path: 'person requests',
  point: 'person:read',
  summary: {
    zh: `列出副本与删除的申请，新的在前，最多 ${listedAtMost} 条`,
    en: `List requests for copies and deletions, newest first, ${listedAtMost} at most`,
  },
  parts: {
    corp: corpPart,
    kind: choice('--kind <kind>', { zh: '只列出', en: 'list only these' }, ['copy', 'erase']),
  },
  async run(ctx: Needs, { corp, kind }) {
    const { list: data } = await findRequests(ctx.db, { corpId: corpOf(ctx, corp), kind }, firstPage)
    const rows = data.map(one => [
      one.id,
      one.kind === 'copy' ? said({ zh: '副本', en: 'copy' }) : said({ zh: '删除', en: 'Deleted' }),
      one.userId || said({ zh: '（已删除）', en: '(deleted)' }),
      stateWords[one.state],
      when(one.askedAt),
      said(one.report.why ?? ''),
    ])
    return {
      data,
      text: table(
        [
          { zh: '编号', en: 'ID' },
          { zh: '种类', en: 'Kind' },
          { zh: '账号', en: 'Account' },
          { zh: '状态', en: 'State' },
          { zh: '申请于', en: 'Requested' },
          { zh: '原因', en: 'Reason' },
        ],
        rows,
        { zh: '没有申请', en: 'no requests' },
      ),
    }
  },
})
const stateWords = {
  asked: { zh: '等待', en: 'Waits for' },
  done: { zh: '完成', en: 'done' },
  refused: { zh: '拒绝', en: 'refused' },
  failed: { zh: '失败', en: 'Failures' },
} as const

const settings = command({
  path: 'person settings',
  point: 'person:erase',
  summary: {
    zh: '设置离职多少天后自动删除；不加 --leavers 为关闭',
    en: 'Set how many days after leaving members are deleted; without --leavers it is switched off',
  },
  parts: {
    corp: corpPart,
    leavers: integer('--leavers <days>', { zh: '离职后的天数', en: 'days after leaving' }, eraseDays),
  },
  async run(ctx: Needs, { corp, leavers }) {
    await setEraseDays(ctx, actor, corpOf(ctx, corp), leavers)
    const text =
      leavers === undefined
        ? said({ zh: '不自动删除', en: 'no automatic deletion' })
        : said({ zh: `离职 ${leavers} 天后删除`, en: `deleted ${leavers} days after leaving` })
    return { data: { eraseDays: leavers ?? null }, text }
  },
})

const hold = command({
  path: 'person hold',
  point: 'person:hold',
  summary: {
    zh: '保全一个人的记录：到期前不删除',
    en: 'Hold the records of a person: they are not deleted before the end of the hold',
  },
  parts: {
    corp: corpPart,
    userId,
    id,
    reason: requiredText('--reason <text>', { zh: '原因', en: 'reason' }),
    until: time('--until <time>', { zh: '到何时，ISO 8601', en: 'until when, ISO 8601' }),
  },
  async run(ctx: Needs, { corp, userId, id, reason, until }) {
    if (!until) throw new UsageError({ zh: '缺少 --until <time>', en: '--until <time> is missing' })
    const corpId = corpOf(ctx, corp)
    const person = await findPerson(ctx, corpId, { userId, id })
    const hold = await holdPerson(ctx, actor, corpId, person, { reason, until })
    return {
      data: { id: hold },
      text: said({
        zh: `已保全，编号 ${hold}，到 ${when(until)}`,
        en: `held as ${hold} until ${when(until)}`,
      }),
    }
  },
})

const holds = command({
  path: 'person holds',
  point: 'person:read',
  summary: {
    zh: `列出保全，未结束的在前，最多 ${listedAtMost} 条`,
    en: `List holds, open ones first, ${listedAtMost} at most`,
  },
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const { list: data } = await findHolds(ctx.db, { corpId: corpOf(ctx, corp) }, firstPage)
    const rows = data.map(one => [one.id, one.userId, one.reason, when(one.until), when(one.endedAt)])
    return {
      data,
      text: table(
        [
          { zh: '编号', en: 'ID' },
          { zh: '账号', en: 'Account' },
          { zh: '原因', en: 'Reason' },
          { zh: '到', en: 'Until' },
          { zh: '结束于', en: 'Ended' },
        ],
        rows,
        { zh: '没有保全', en: 'no holds' },
      ),
    }
  },
})

const release = command({
  path: 'person release',
  point: 'person:hold',
  summary: {
    zh: '结束保全；为它留存的记录在夜里删除',
    en: 'End a hold; records that were kept for it are deleted at night',
  },
  parts: {
    corp: corpPart,
    hold: requiredInteger('<hold>', { zh: '保全的编号', en: 'ID of the hold' }, anyId),
  },
  async run(ctx: Needs, { corp, hold }) {
    await endHold(ctx, actor, corpOf(ctx, corp), hold)
    return { data: { id: hold }, text: said({ zh: `保全 ${hold} 已结束`, en: `the hold ${hold} has ended` }) }
  },
})

const consents = command({
  path: 'person consents',
  point: 'person:read',
  summary: {
    zh: `列出同意的记录，新的在前，最多 ${listedAtMost} 条`,
    en: `List consents, newest first, ${listedAtMost} at most`,
  },
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
    return {
      data,
      text: table(
        [
          { zh: '人员编号', en: 'Person ID' },
          { zh: '应用', en: 'App' },
          { zh: '字段', en: 'Fields' },
          { zh: '同意于', en: 'Agreed' },
          { zh: '撤回于', en: 'Withdrawn' },
        ],
        rows,
        { zh: '没有同意', en: 'no consents' },
      ),
    }
  },
})

const erased = command({
  path: 'person erased',
  point: 'person:erase',
  summary: {
    zh: '导出已删除人员的编号，或在恢复旧备份后读入，使他们再次被删除',
    en: 'Export the IDs of deleted people, or read them after an old backup was restored, so that they are deleted again',
  },
  parts: {
    out: text('--out <file>', { zh: '导出到文件', en: 'write them to a file' }),
    from: text('--from <file>', { zh: '从文件读入', en: 'read them from a file' }),
  },
  async run(ctx: Core, { out, from }) {
    if ((out === undefined) === (from === undefined))
      throw new UsageError({ zh: '须给出 --out 或 --from 之一', en: 'give one of --out and --from' })
    if (out !== undefined) {
      await writeFile(out, await tombstoneFile(ctx), { mode: 0o600 })
      return { data: { file: out }, text: said({ zh: `已写到 ${out}`, en: `written to ${out}` }) }
    }
    const added = await readTombstones(ctx, actor, await textOf(from ?? ''))
    return {
      data: { added },
      text: said({
        zh: `读入 ${added} 个；今夜再次删除`,
        en: `read ${added}; they are deleted again tonight`,
      }),
    }
  },
})

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(error => {
    throw new UsageError({
      zh: `读不到文件 ${path}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
      en: `${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
    })
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
