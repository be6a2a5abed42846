import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import {
  optionalInteger,
  optionalStructured,
  optionalText,
  text,
  texts,
} from '../../../platform/http/input.ts'
import { onPage, pageOf, paging, requiredId } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { Corps } from '../../corps/corps.ts'
import { memberRowSchema, memberRows, viewerOf } from '../../directory/console/viewer.ts'
import type { Mirrors } from '../../directory/mirror/mirrors.ts'
import { mayAlso } from '../../rights/reached.ts'
import { groupDetail, groupDetailSchema, groupRowSchema, listGroups } from '../group-view.ts'
import {
  addGroup,
  type Editor,
  type GroupNeeds,
  knownGroup,
  listedAtMost,
  removeGroup,
  setGroup,
} from '../groups.ts'
import { idsInGroup, listedIn } from '../membership-store.ts'
import { previewGroup } from '../preview.ts'
import { fieldOps, opsOf } from '../rule.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors }

const access = administrator('super')
const id = requiredId('人群编号')
const maybeId = optionalInteger('人群编号；不写则新建', { min: 1, max: Number.MAX_SAFE_INTEGER })
/** What is wrong in a rule is told by the function that reads it, with its place. */
const rule = optionalStructured('规则；不写则只有名单', Type.Record(Type.String(), Type.Unknown()))
const userIds = texts('名单', { max: listedAtMost, length: 64 })
const name = text('名称', { max: 64 })
const note = optionalText('备注', { max: 200 })

export const groupsCall = pageCall({
  method: 'GET',
  path: '/web/directory/groups',
  access,
  point: 'directory:group',
  directory: true,
  input: { text: optionalText('名称', { max: 64 }), ...paging },
  output: Type.Object({ list: Type.Array(groupRowSchema), total: Type.Number() }),
  async handle(ctx: Needs, { input, corpId }) {
    const wanted = (input.text ?? '').toLowerCase()
    const groups = (await listGroups(ctx, corpId)).filter(one => one.name.toLowerCase().includes(wanted))
    return { list: onPage(groups, input), total: groups.length }
  },
})

/** A group, with the names on its list. */
export const groupCall = pageCall({
  method: 'GET',
  path: '/web/directory/groups/group',
  access,
  point: 'directory:group',
  directory: true,
  input: { id },
  output: Type.Object({
    ...groupDetailSchema.properties,
    list: Type.Array(Type.Object({ userId: Type.String(), name: Type.String() })),
  }),
  async handle(ctx: Needs, { input, corpId }) {
    const detail = await groupDetail(ctx, corpId, await knownGroup(ctx.db, corpId, input.id))
    const list = (await listedIn(ctx.db, corpId, input.id)).map(({ userId, name }) => ({ userId, name }))
    return { ...detail, list }
  },
})

const fieldSchema = Type.Object({ field: Type.String(), ops: Type.Array(Type.String()) })

export const groupFields = pageCall({
  method: 'GET',
  path: '/web/directory/groups/fields',
  access,
  point: 'directory:group',
  input: {},
  output: Type.Object({ fields: Type.Array(fieldSchema), ofAttributes: Type.Array(Type.String()) }),
  handle: () => ({
    fields: Object.entries(fieldOps).map(([field, ops]) => ({ field, ops: [...ops] })),
    ofAttributes: [...(opsOf('attribute:x') ?? [])],
  }),
})

export const groupMembersCall = pageCall({
  method: 'GET',
  path: '/web/directory/groups/members',
  access,
  point: 'directory:group',
  directory: true,
  input: { id, ...paging },
  output: Type.Object({ list: Type.Array(memberRowSchema), total: Type.Number() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const group = await knownGroup(ctx.db, corpId, input.id)
    const ids = await idsInGroup(ctx.db, corpId, group.id, pageOf(input))
    return { list: await rowsOf(ctx, corpId, visitor, ids), total: group.members }
  },
})

async function rowsOf(
  ctx: Needs,
  corpId: string,
  visitor: Parameters<typeof viewerOf>[2],
  ids: readonly number[],
) {
  const viewer = viewerOf(ctx, corpId, visitor)
  return memberRows(
    ctx,
    viewer,
    ids.flatMap(one => viewer.mirror.members.byId(one) ?? []),
  )
}

export const previewGroupCall = pageCall({
  method: 'POST',
  path: '/web/directory/groups/foresee',
  access,
  point: 'directory:group',
  directory: true,
  input: { id: maybeId, rule, userIds },
  output: Type.Object({
    members: Type.Number(),
    comes: Type.Number(),
    goes: Type.Number(),
    coming: Type.Array(memberRowSchema),
    going: Type.Array(memberRowSchema),
    looked: Type.Number(),
    isWhole: Type.Boolean(),
  }),
  async handle(ctx: GroupNeeds, { input, visitor, corpId }) {
    const given = { name: '-', note: '', rule: input.rule ?? null, userIds: input.userIds }
    const { coming, going, ...counts } = await previewGroup(ctx, corpId, input.id, given)
    return {
      ...counts,
      coming: await rowsOf(ctx, corpId, visitor, coming),
      going: await rowsOf(ctx, corpId, visitor, going),
    }
  },
})

export const saveGroupCall = pageCall({
  method: 'POST',
  path: '/web/directory/groups/save',
  access,
  point: 'directory:group',
  directory: true,
  input: { id: maybeId, version: optionalText('表单读到的版本', { max: 64 }), name, note, rule, userIds },
  output: Type.Object({ id: Type.Number() }),
  async handle(ctx: GroupNeeds, { input, visitor, corpId }) {
    const { id, version, name, note = '', rule = null, userIds } = input
    const settings = { name, note, rule, userIds }
    const editor: Editor = { actor: visitor.actor, may: use => mayAlso(visitor, use) }
    if (id === undefined) return { id: await addGroup(ctx, editor, corpId, settings) }
    await setGroup(ctx, editor, corpId, id, settings, version ?? '')
    return { id }
  },
})

export const removeGroupCall = pageCall({
  method: 'POST',
  path: '/web/directory/groups/remove',
  access,
  point: 'directory:group',
  directory: true,
  input: { id },
  output: Type.Object({}),
  async handle(ctx: GroupNeeds, { input, visitor, corpId }) {
    await removeGroup(ctx, visitor, corpId, input.id)
    return {}
  },
})
