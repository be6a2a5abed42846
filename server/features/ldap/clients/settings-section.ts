import { Type } from 'typebox'
import { settingsSection } from '../../../platform/manifest/settings-section.ts'
import { settingsShape } from './client-view.ts'
import { type ClientNeeds, setClient } from './set-client.ts'

/**
 * The LDAP client of each app. One that the file makes has a password that nobody has seen; `wisp app ldap renew <app>` gives it one that
 * somebody has.
 */
export const ldapSection = settingsSection({
  key: 'id',
  refersTo: { id: 'apps' },
  shape: Type.Object(
    { id: Type.String({ maxLength: 64 }), ...Type.Partial(Type.Object(settingsShape)).properties },
    { additionalProperties: false },
  ),
  read: async (ctx: ClientNeeds, corpId) =>
    ctx.ldapClients
      .ofCorp(corpId)
      .map(({ appId, name, everyone, departments, fields, memberGroups, card }) => ({
        id: appId,
        name,
        everyone,
        departments: [...departments],
        fields: [...fields],
        memberGroups: [...memberGroups],
        card,
      })),
  async add(ctx, actor, corpId, { id, ...settings }) {
    await setClient(ctx, { actor, isLimited: true }, corpId, id, settings)
    return id
  },
  async set(ctx, actor, corpId, key, { id: _id, ...change }) {
    await setClient(ctx, { actor, isLimited: true }, corpId, key, change)
  },
})
