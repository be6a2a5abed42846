import { Type } from 'typebox'
import { checkDeveloper } from '../../../callers/developers/console/developers.ts'
import type { Developers } from '../../../callers/developers/developers.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { optionalIds, optionalInteger, optionalText, text } from '../../../platform/http/input.ts'
import { owner, pageCall } from '../../../platform/http/page-call.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'
import { languageAsked } from '../../../platform/words.ts'
import type { App } from '../../apps/app.ts'
import { type Apps, noApp } from '../../apps/catalog.ts'
import { claimNames } from '../app-sign-in.ts'
import type { AppSignIns } from '../catalog.ts'
import { setSignIn } from '../set-sign-in.ts'
import { appId } from './settings-input.ts'
import { signInSchema, signInView } from './sign-in-view.ts'

type Needs = Core & { apps: Apps; appSignIns: AppSignIns; developers: Developers }
type Setting = Needs & { corps: Corps }

const devId = text('devId', { max: 64 })
const version = optionalInteger('打开表单时的 version', { min: 0, max: 2_147_483_647 })
const addresses = (about: string) => optionalIds(about, { max: 20 })

/** How the apps of a developer sign people in, as its owners see it. */
export const ownSignIns = pageCall({
  method: 'GET',
  path: '/web/developers/app-sign-ins',
  access: owner,
  point: 'app:read',
  input: { devId },
  output: Type.Object({ list: Type.Array(signInSchema) }),
  handle(ctx: Needs, { corpId, input, request }) {
    checkDeveloper(ctx, corpId, input.devId)
    const apps = ctx.apps.ofCorp(corpId).filter(app => app.devId === input.devId)
    return { list: apps.map(app => signInView(ctx, app, languageAsked(request))) }
  },
})

/** Administrators hear of it. */
export const saveOwnAddresses = pageCall({
  method: 'POST',
  path: '/web/developers/app-sign-ins/save',
  access: owner,
  point: 'app:sign-in',
  input: {
    devId,
    id: appId,
    version,
    addresses: addresses('重定向地址，CAS 的为服务地址'),
    postLogoutRedirectUris: addresses('退出后返回的地址，只对 OpenID Connect'),
    logoutUri: optionalText('退出通知地址', { max: 2000 }),
  },
  output: Type.Object({ version: Type.Number() }),
  async handle(ctx: Setting, { corpId, input, visitor }) {
    const app = ownApp(ctx, corpId, input)
    const { postLogoutRedirectUris, logoutUri = '' } = input
    const kind = ctx.appSignIns.of(app.id)?.kind ?? 'jession'
    const { signIn } = await setSignIn(
      ctx,
      ownerOf(visitor),
      corpId,
      app.id,
      kind === 'cas'
        ? { kind, cas: { services: input.addresses, logoutUri } }
        : { kind, oidc: { redirectUris: input.addresses, postLogoutRedirectUris, logoutUri } },
      needed(input.version),
    )
    return { version: signIn?.version ?? 0 }
  },
})

/** Given once a super administrator has approved it. */
export const askForClaim = pageCall({
  method: 'POST',
  path: '/web/developers/app-sign-ins/ask',
  access: owner,
  point: 'app:sign-in',
  input: {
    devId,
    id: appId,
    version,
    names: optionalIds('要获取的信息', { max: claimNames.length }),
    purpose: text('用途', { max: 500 }),
  },
  output: Type.Object({ version: Type.Number() }),
  async handle(ctx: Setting, { corpId, input, visitor }) {
    const app = ownApp(ctx, corpId, input)
    const { names, purpose } = input
    if (names.length === 0) throw new ApiError('missingParameter', 'names')
    const before = ctx.appSignIns.of(app.id)
    const kept = (before?.claims ?? []).map(one => ({ name: one.name as string, purpose: one.purpose }))
    const wanted = names.filter(name => !kept.some(one => one.name === name)).map(name => ({ name, purpose }))
    const settings = { kind: before?.kind ?? 'jession', claims: [...kept, ...wanted] } as const
    const { signIn } = await setSignIn(ctx, ownerOf(visitor), corpId, app.id, settings, needed(input.version))
    return { version: signIn?.version ?? 0 }
  },
})

function ownApp(ctx: Needs, corpId: string, asked: { devId: string; id: string }): App {
  checkDeveloper(ctx, corpId, asked.devId)
  const app = ctx.apps.get(corpId, asked.id)
  if (app.devId !== asked.devId) throw noApp(asked.id)
  return app
}

/** An administrator on this page is held to what an owner may do, so that each act says by which right it was done. */
function ownerOf({ actor, member }: Visitor) {
  return { actor, approves: false, name: member?.name ?? actor }
}

function needed(given: number | undefined): number {
  if (given === undefined) throw new ApiError('missingParameter', 'version')
  return given
}
