import { Type } from 'typebox'
import { mayAlso } from '../../../organisation/rights/reached.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { optionalInteger, structured, text } from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { clientSchema, settingsShape, viewOf } from './client-view.ts'
import { configurationsFor } from './configurations.ts'
import {
  type ClientNeeds,
  type KnownClientNeeds,
  removeClient,
  renewLdapSecret,
  setClient,
} from './set-client.ts'

const id = text('应用 id', { max: 64 })

const shownSchema = Type.Object({
  /** 0 without a client. */
  version: Type.Number(),
  client: Type.Union([clientSchema, Type.Null()]),
  groupNames: Type.Array(Type.Object({ id: Type.Number(), name: Type.String() })),
  /** What well-known programs are set up with; the secret is put in by the page. */
  configurations: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      /** Whether a test signs in by exactly this. */
      isTried: Type.Boolean(),
      file: Type.String(),
      /** Fields that it needs and the client does not have. */
      lacks: Type.Array(Type.String()),
      text: Type.String(),
    }),
  ),
})

export const showLdapClient = pageCall({
  method: 'GET',
  path: '/web/apps/ldap',
  range: 'app',
  access: administrator('super'),
  point: 'app:read',
  directory: true,
  input: { id },
  output: shownSchema,
  handle(ctx: ClientNeeds, { input, corpId }) {
    const app = ctx.apps.get(corpId, input.id)
    const client = ctx.ldapClients.ofApp(app.id)
    if (!client) return { version: 0, client: null, groupNames: [], configurations: [] }
    const { groups } = ctx.mirrors.of(corpId)
    return {
      version: client.version,
      client: viewOf(ctx, client),
      groupNames: client.memberGroups.map(one => ({ id: one, name: groups.find(one)?.name ?? String(one) })),
      configurations: configurationsFor(ctx, client),
    }
  },
})

/** A new client's password is in the answer, and nowhere later. */
export const saveLdapClient = pageCall({
  method: 'POST',
  path: '/web/apps/ldap/save',
  range: 'app',
  access: administrator('super'),
  point: 'app:sign-in',
  directory: true,
  input: {
    id,
    version: optionalInteger('打开表单时的 version；他人在此后保存过则拒绝', { min: 0, max: 2_147_483_647 }),
    settings: structured('LDAP 的设置；没有给出的保持不变', Type.Partial(Type.Object(settingsShape))),
  },
  output: Type.Object({
    version: Type.Number(),
    /** '' where none was made. */
    secret: Type.String(),
  }),
  async handle(ctx: ClientNeeds, { input, visitor, corpId }) {
    const { id: appId, version, settings } = input
    if (version === undefined) throw new ApiError('missingParameter', 'version')
    // It lists people as an export does, also for an administrator of this app alone.
    const by = { actor: visitor.actor, isLimited: !mayAlso(visitor, { point: 'directory:export' }) }
    const made = await setClient(ctx, by, corpId, appId, settings, version)
    return { version: made.client.version, secret: made.secret }
  },
})

export const renewLdapClient = pageCall({
  method: 'POST',
  path: '/web/apps/ldap/renew-secret',
  range: 'app',
  access: administrator('super'),
  point: 'app:sign-in',
  input: { id },
  output: Type.Object({ secret: Type.String() }),
  async handle(ctx: KnownClientNeeds, { input, visitor, corpId }) {
    return { secret: await renewLdapSecret(ctx, visitor.actor, corpId, input.id) }
  },
})

export const removeLdapClient = pageCall({
  method: 'POST',
  path: '/web/apps/ldap/remove',
  range: 'app',
  access: administrator('super'),
  point: 'app:sign-in',
  input: { id },
  output: Type.Object({}),
  async handle(ctx: KnownClientNeeds, { input, visitor, corpId }) {
    await removeClient(ctx, visitor.actor, corpId, input.id)
    return {}
  },
})
