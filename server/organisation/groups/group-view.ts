import { type Static, Type } from 'typebox'
import type { Core } from '../../platform/core.ts'
import { versionOf } from '../../platform/http/form-version.ts'
import type { Mirrors } from '../directory/mirror/mirrors.ts'
import { type GroupRow, groupsOf } from './group-store.ts'
import { versionRow } from './groups.ts'
import { listedIn, unknownAttributes } from './membership-store.ts'
import { reachOf } from './rule.ts'

export const groupShape = {
  id: Type.Number({ about: { zh: '人群编号', en: 'Number of the group' } }),
  name: Type.String({ about: { zh: '名称', en: 'Name' } }),
  note: Type.String({ about: { zh: '备注', en: 'Note' } }),
  members: Type.Number({ about: { zh: '现有的人数', en: 'How many members are in it' } }),
  isSettled: Type.Boolean({
    about: {
      zh: '规则是否已处理完；false 时人数还会变化',
      en: 'Whether its rule has been worked through; while it is false the number still changes',
    },
  }),
  /** How many members were looked at, while the rule is worked through. */
  scanned: Type.Number({
    about: { zh: '规则处理中：已看过的成员数', en: 'Members looked at while the rule is worked through' },
  }),
  hasRule: Type.Boolean({ about: { zh: '是否有规则', en: 'Whether it has a rule' } }),
  changedAt: Type.String({ about: { zh: '最近修改的时间', en: 'When it was last changed' } }),
}
export const groupRowSchema = Type.Object(groupShape)
export type GroupView = Static<typeof groupRowSchema>

export const sampleGroup: GroupView = {
  id: 7,
  name: '试用期已满',
  note: '',
  members: 36,
  isSettled: true,
  scanned: 0,
  hasRule: true,
  changedAt: '2026-12-01T02:00:00.000Z',
}

export function viewOfGroup({
  id,
  name,
  note,
  members,
  scanAfter,
  scanned,
  rule,
  changedAt,
}: GroupRow): GroupView {
  const isSettled = scanAfter === null
  return {
    id,
    name,
    note,
    members,
    isSettled,
    scanned: isSettled ? 0 : scanned,
    hasRule: rule !== null,
    changedAt: changedAt.toISOString(),
  }
}

export async function listGroups(ctx: Core, corpId: string): Promise<GroupView[]> {
  return (await groupsOf(ctx.db, corpId)).map(viewOfGroup)
}

const ruleSchema = Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()], {
  about: {
    zh: '规则：{field, op, values}，以及 all、any、not；null 为只有名单',
    en: 'Rule: {field, op, values}, and all, any and not; null for a list alone',
  },
})

export const groupDetailSchema = Type.Object({
  ...groupShape,
  rule: ruleSchema,
  userIds: Type.Array(Type.String(), { about: { zh: '名单中的成员', en: 'Members on its list' } }),
  /** What the rule names and the address book no longer has. */
  gone: Type.Object({
    departments: Type.Array(Type.String(), { about: { zh: '已删除的部门', en: 'Deleted departments' } }),
    tags: Type.Array(Type.String(), { about: { zh: '已删除的标签', en: 'Deleted tags' } }),
    attributes: Type.Array(Type.String(), {
      about: { zh: '没有成员再有的扩展属性', en: 'Extended attributes that no member has any more' },
    }),
  }),
  version: Type.String({ about: { zh: '修改时带回', en: 'Sent back with a change' } }),
})
export type GroupDetail = Static<typeof groupDetailSchema>

export async function groupDetail(
  ctx: Core & { mirrors: Mirrors },
  corpId: string,
  group: GroupRow,
): Promise<GroupDetail> {
  const { tree, tags } = await ctx.mirrors.load(corpId)
  const reach = reachOf(group.rule)
  return {
    ...viewOfGroup(group),
    rule: group.rule as Record<string, unknown> | null,
    userIds: (await listedIn(ctx.db, corpId, group.id)).map(one => one.userId),
    gone: {
      departments: reach.departments.filter(id => !tree.get(id)).map(String),
      tags: reach.tags.filter(id => !tags.has(id)).map(String),
      attributes: await unknownAttributes(ctx.db, corpId, reach.attributes),
    },
    version: versionOf(versionRow(group)),
  }
}
