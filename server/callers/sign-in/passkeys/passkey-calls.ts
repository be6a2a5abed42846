import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../../organisation/directory/permissions/person.ts'
import type { Three } from '../../../organisation/three/three.ts'
import type { Core } from '../../../platform/core.ts'
import { structured, text } from '../../../platform/http/input.ts'
import { pageCall, self } from '../../../platform/http/page-call.ts'
import { callerAddress } from '../../../platform/security/caller-address.ts'
import { checkConsoleAddress, type Protection } from '../../protection/protection.ts'
import type { Sessions } from '../../sessions/sessions.ts'
import type { SignInLog } from '../../sign-in-log/sign-in-log.ts'
import { ownerOf, signedOf } from '../factor/factor-owner.ts'
import { proveSecond } from '../factor/second-factor.ts'
import { isRequiredOf } from '../factor/second-factor-calls.ts'
import { enterMember, passkeyMember } from '../member-session.ts'
import { noteSignIn } from '../sign-in-audit.ts'
import { checkWay } from '../ways/ways.ts'
import { passkeysOf } from './passkey-store.ts'
import { askForPasskey, beginPasskey, finishPasskey, removePasskey, takePasskey } from './passkeys.ts'
import { placeOf, requirePlace } from './place.ts'

type Needs = Core & { corps: Corps; sessions: Sessions }
type SignInNeeds = Needs & {
  mirrors: Mirrors
  protection: Protection
  roles: Roles
  three: Three
  signInLog: SignInLog
}

const state = text('通行密钥的状态', { max: 2000 })
const base64url = (maxLength: number) => Type.String({ maxLength, pattern: '^[A-Za-z0-9_-]*={0,2}$' })
const credential = {
  id: base64url(1400),
  rawId: base64url(1400),
  type: Type.Literal('public-key'),
  clientExtensionResults: Type.Object({}),
}

const assertion = structured(
  '浏览器的应答',
  Type.Object({
    ...credential,
    response: Type.Object({
      clientDataJSON: base64url(2000),
      authenticatorData: base64url(2000),
      signature: base64url(2000),
      userHandle: Type.Optional(base64url(200)),
    }),
  }),
)

const attestation = structured(
  '浏览器的应答',
  Type.Object({
    ...credential,
    response: Type.Object({
      clientDataJSON: base64url(2000),
      attestationObject: base64url(20_000),
      transports: Type.Optional(Type.Array(Type.String({ maxLength: 32 }), { maxItems: 10 })),
    }),
  }),
)

/** What `navigator.credentials` takes, as JSON; the page hands it on as it is. */
const asked = Type.Object({ options: Type.Unsafe<object>(Type.Any()), state: Type.String() })

export const passkeySignInBegin = pageCall({
  method: 'POST',
  path: '/web/sign-in/passkey/begin',
  access: { by: 'anyone' },
  input: {},
  output: asked,
  handle: (ctx: Needs, { request }) => askForPasskey(ctx, requirePlace(ctx, request)),
})

export const passkeySignIn = pageCall({
  method: 'POST',
  path: '/web/sign-in/passkey',
  access: { by: 'anyone' },
  directory: 'handler',
  input: { state, response: assertion },
  output: Type.Object({}),
  async handle(ctx: SignInNeeds, { input, visitor, request, reply }) {
    const found = await takePasskey(ctx, requirePlace(ctx, request), request.ip, input as never)
    const proved = { acr: 3, amr: ['passkey'] } as const
    const { corpId, memberId, adminName } = found
    if (adminName !== null) {
      checkConsoleAddress(ctx, '', callerAddress(request))
      if (visitor) await ctx.sessions.end(visitor.sessionId)
      await ctx.sessions.open({ adminName }, proved, request, reply)
      await noteSignIn(ctx, adminName, request.ip, {}, 'sign-in.passkey')
    } else if (corpId !== null && memberId !== null) {
      await checkWay(ctx, corpId, 'passkey')
      const member = await passkeyMember(ctx, corpId, memberId)
      await enterMember(ctx, { corpId, member }, proved, true, request, reply)
    }
    return {}
  },
})

export const passkeyList = pageCall({
  method: 'GET',
  path: '/web/passkeys',
  access: self,
  input: {},
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        /** The host that it is for. */
        host: Type.String(),
        createdAt: Type.String(),
        /** '' before its first use. */
        usedAt: Type.String(),
      }),
    ),
    /** Passkeys can be made and used at this address. */
    isPossible: Type.Boolean(),
  }),
  async handle(ctx: Needs, { visitor, request }) {
    const list = await passkeysOf(ctx.db, ownerOf(visitor))
    return {
      list: list.map(({ id, name, rpId: host, createdAt, usedAt }) => ({
        id,
        name,
        host,
        createdAt: createdAt.toISOString(),
        usedAt: usedAt?.toISOString() ?? '',
      })),
      isPossible: placeOf(ctx, request) !== undefined,
    }
  },
})

export const passkeyBegin = pageCall({
  method: 'POST',
  path: '/web/passkeys/begin',
  access: self,
  input: {},
  output: asked,
  handle: (ctx: Needs, { visitor, request }) =>
    beginPasskey(ctx, signedOf(visitor, request), requirePlace(ctx, request)),
})

export const passkeyFinish = pageCall({
  method: 'POST',
  path: '/web/passkeys/finish',
  access: self,
  input: { state, response: attestation, name: text('名称', { max: 64 }) },
  output: Type.Object({ recoveryCodes: Type.Array(Type.String()) }),
  async handle(ctx: Needs, { input, visitor, request }) {
    const who = signedOf(visitor, request)
    return { recoveryCodes: await finishPasskey(ctx, who, requirePlace(ctx, request), input as never) }
  },
})

export const passkeyRemove = pageCall({
  method: 'POST',
  path: '/web/passkeys/remove',
  access: self,
  input: { id: text('通行密钥', { max: 1400 }) },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, request }) {
    await removePasskey(ctx, signedOf(visitor, request), await isRequiredOf(ctx, visitor), input.id)
    return {}
  },
})

/** For the second factor of somebody who is signed in. */
export const passkeyProveBegin = pageCall({
  method: 'POST',
  path: '/web/second-factor/passkey/begin',
  access: self,
  input: {},
  output: asked,
  handle: (ctx: Needs, { visitor, request }) =>
    askForPasskey(ctx, requirePlace(ctx, request), ownerOf(visitor)),
})

export const passkeyProve = pageCall({
  method: 'POST',
  path: '/web/second-factor/passkey',
  access: self,
  input: { state, response: assertion },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, request }) {
    const owner = ownerOf(visitor)
    await takePasskey(ctx, requirePlace(ctx, request), request.ip, input as never, owner)
    await proveSecond(ctx, visitor.sessionId, visitor.proof, 'passkey')
    return {}
  },
})
