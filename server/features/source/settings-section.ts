import { Type } from 'typebox'
import { settingsSection } from '../../platform/manifest/settings-section.ts'
import { addSource, type SourceNeeds, setSource } from './set-source.ts'
import { settingsShape, sourceKinds } from './settings.ts'
import { sourcesOf } from './source-store.ts'

/** Sources of people without their passwords, which are given on the page or by command. */
export const sourceSection = settingsSection({
  key: 'id',
  ordered: ['fields'],
  shape: Type.Object(
    {
      id: Type.Optional(Type.String({ maxLength: 20 })),
      name: Type.String({ maxLength: 64 }),
      kind: Type.Optional(Type.Enum([...sourceKinds])),
      ...Type.Partial(Type.Object(settingsShape)).properties,
    },
    { additionalProperties: false },
  ),
  async read({ db }: SourceNeeds, corpId) {
    return (await sourcesOf(db, corpId)).map(({ id, name, kind, settings }) => ({
      id: String(id),
      name,
      kind,
      ...settings,
    }))
  },
  async add(ctx, actor, corpId, { id: _id, kind = 'file', ...item }) {
    return String(await addSource(ctx, actor, corpId, kind, item))
  },
  set: (ctx, actor, corpId, key, { id: _id, kind: _kind, ...change }) =>
    setSource(ctx, actor, corpId, Number(key), change),
})
