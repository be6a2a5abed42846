import { Type } from 'typebox'
import { settingsSection } from '../../platform/manifest/settings-section.ts'
import { setTypeState } from './change-type.ts'
import { type Definition, definitionSchema } from './definition.ts'
import { putType, staysWithOwner, type TypeNeeds } from './put-type.ts'
import { listTypes, type TypeState } from './types-store.ts'

const states = ['live', 'trial', 'paused', 'revoked'] as const satisfies readonly TypeState[]

/**
 * The types of the corp and of its developers, as their newest versions are. A version that needs a super administrator's approval waits
 * for it here too.
 */
export const typeSection = settingsSection({
  key: 'key',
  refersTo: { devId: 'developers' },
  // The first channel that reaches somebody counts.
  ordered: ['definition'],
  shape: Type.Object(
    {
      key: Type.String({ maxLength: 64 }),
      devId: Type.Optional(Type.Union([Type.String({ maxLength: 64 }), Type.Null()])),
      state: Type.Optional(Type.Enum([...states])),
      definition: definitionSchema,
    },
    { additionalProperties: false },
  ),
  async read(ctx: TypeNeeds, corpId) {
    const types = await listTypes(ctx.db, corpId)
    return types.map(({ key, devId, state, newest }) => ({
      key,
      devId,
      state,
      definition: newest.definition,
    }))
  },
  async add(ctx, actor, corpId, { key, devId = null, state = 'live', definition }) {
    await putType(ctx, { actor, devId }, corpId, key, definition as Definition)
    await setTypeState(ctx, actor, corpId, key, state)
    return key
  },
  async set(ctx, actor, corpId, key, { devId, state, definition }) {
    if (devId !== undefined) throw staysWithOwner(key)
    if (definition) await putType(ctx, { actor, devId: null }, corpId, key, definition as Definition)
    if (state !== undefined) await setTypeState(ctx, actor, corpId, key, state)
  },
})
