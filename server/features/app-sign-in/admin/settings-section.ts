import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { settingsSection } from '../../../platform/manifest/settings-section.ts'
import { type Apps, noApp } from '../../apps/catalog.ts'
import type { AppSignIns } from '../catalog.ts'
import { setSignIn } from '../set-sign-in.ts'
import { signInSettingsOf, signInShape } from './settings-shape.ts'

type Needs = Core & { apps: Apps; appSignIns: AppSignIns; corps: Corps }

/**
 * How each app signs people in. The apps are in a section before it, by whose id or name they are known here. A client that the file makes
 * has a secret that nobody has seen; `wisp app sign-in <app> --renew-secret` gives it one that somebody has.
 */
export const signInSection = settingsSection({
  key: 'id',
  refersTo: { id: 'apps' },
  shape: Type.Object(
    {
      id: Type.Optional(Type.String({ maxLength: 64 })),
      name: Type.Optional(Type.String({ maxLength: 64 })),
      ...Type.Partial(Type.Object(signInShape)).properties,
    },
    { additionalProperties: false },
  ),
  async read(ctx: Needs, corpId) {
    const apps = ctx.apps.ofCorp(corpId).filter(app => app.builtin === null)
    return apps.map(app => ({ id: app.id, name: app.name, ...signInSettingsOf(ctx, app) }))
  },
  // An app that the file makes is known when its section has been applied.
  async add(_ctx, _actor, _corpId, { id, name }) {
    throw noApp(id ?? name ?? '')
  },
  async set(ctx, actor, corpId, key, { id: _id, name: _name, ...change }) {
    const kind = change.kind ?? ctx.appSignIns.of(key)?.kind ?? 'jession'
    await setSignIn(ctx, { actor, approves: true, isProgram: true }, corpId, key, { ...change, kind })
  },
})
