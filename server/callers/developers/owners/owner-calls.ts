import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { versionOf } from '../../../platform/http/form-version.ts'
import { optionalIds, optionalText, text } from '../../../platform/http/input.ts'
import { administrator, owner, pageCall, person } from '../../../platform/http/page-call.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { checkDeveloper } from '../console/developers.ts'
import { setDeveloper } from '../developer-admin.ts'
import type { Developers } from '../developers.ts'
import { ownsDeveloper } from './may-manage.ts'
import { ownersOf } from './owner-store.ts'
import { ownersForm } from './owners.ts'

type Needs = Core & { developers: Developers; offered: FeatureOffers }

const devId = text('devId', { max: 64 })

/** The first thing that /developer asks for: the developers that the caller owns. */
export const listOwnDevelopers = pageCall({
  method: 'GET',
  path: '/web/developers/own',
  access: person,
  input: {},
  output: Type.Object({
    list: Type.Array(Type.Object({ devId: Type.String(), name: Type.String(), enabled: Type.Boolean() })),
  }),
  handle: ({ developers }: Needs, { visitor }) => ({
    list: developers
      .all()
      .filter(one => ownsDeveloper(visitor, one))
      .map(({ devId, name, enabled }) => ({ devId, name, enabled }))
      .sort((a, b) => a.name.localeCompare(b.name, 'zh-CN') || a.devId.localeCompare(b.devId)),
  }),
})

export const listOwners = pageCall({
  method: 'GET',
  path: '/web/developers/owners',
  access: owner,
  point: 'developer:read',
  input: { devId },
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        userId: Type.String(),
        name: Type.String(),
        /** False for who left, or is disabled or not activated. */
        mayAct: Type.Boolean(),
      }),
    ),
    version: Type.String(),
  }),
  async handle(ctx: Needs, { corpId, input }) {
    checkDeveloper(ctx, corpId, input.devId)
    const owners = await ownersOf(ctx.db, corpId, input.devId)
    return {
      list: owners.map(({ userId, name, mayAct }) => ({ userId, name, mayAct })),
      version: versionOf(ownersForm(owners)),
    }
  },
})

export const saveOwners = pageCall({
  method: 'POST',
  path: '/web/developers/owners/save',
  access: administrator('super'),
  point: 'developer:edit',
  directory: 'handler',
  input: {
    devId,
    owners: optionalIds('负责人的账号', { max: 20 }),
    version: optionalText('页面所见的版本', { max: 64 }),
  },
  output: Type.Object({}),
  async handle(ctx: Needs & { corps: Corps; mirrors: Mirrors }, { corpId, input, visitor }) {
    checkDeveloper(ctx, corpId, input.devId)
    await setDeveloper(ctx, visitor.actor, input.devId, {
      owners: input.owners,
      ownersVersion: input.version,
    })
    return {}
  },
})
