import { Type } from 'typebox'
import { settingsSection } from '../../platform/manifest/settings-section.ts'
import { groupsOf } from './group-store.ts'
import { addGroup, type GroupNeeds, setGroup } from './groups.ts'
import { listedIn } from './membership-store.ts'
import { readRule } from './rule.ts'

/** The groups of a corp with rule and list; who is in them follows. */
export const groupSection = settingsSection({
  key: 'id',
  shape: Type.Object(
    {
      id: Type.Optional(Type.String({ maxLength: 20 })),
      name: Type.String({ maxLength: 64 }),
      note: Type.Optional(Type.String({ maxLength: 200 })),
      rule: Type.Optional(Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()])),
      userIds: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 10_000 })),
    },
    { additionalProperties: false },
  ),
  async read({ db }: GroupNeeds, corpId) {
    const items: object[] = []
    for (const { id, name, note, rule } of await groupsOf(db, corpId)) {
      const userIds = (await listedIn(db, corpId, id)).map(one => one.userId)
      items.push({ id: String(id), name, note, rule, userIds })
    }
    return items
  },
  async add(ctx, actor, corpId, { name, note = '', rule = null, userIds = [] }) {
    return String(await addGroup(ctx, { actor }, corpId, { name, note, rule, userIds }))
  },
  check(_ctx, _corpId, { rule }) {
    if (rule) readRule(rule)
  },
  set(ctx, actor, corpId, key, { name, note, rule, userIds }) {
    // A program may apply a file, and gives no role by it.
    return setGroup(ctx, { actor, may: use => !use.givesRights }, corpId, Number(key), {
      ...(name === undefined ? {} : { name }),
      ...(note === undefined ? {} : { note }),
      ...(rule === undefined ? {} : { rule }),
      ...(userIds === undefined ? {} : { userIds }),
    })
  },
})
