import { Type } from 'typebox'
import type { Developers } from '../../../callers/developers/developers.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../../organisation/directory/permissions/person.ts'
import { memberOf } from '../../../organisation/people/administrators.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { optionalInteger, optionalText, text } from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { languageAsked, wordsIn } from '../../../platform/words.ts'
import type { Apps } from '../../apps/catalog.ts'
import type { AppSignIns } from '../catalog.ts'
import { configurationsOf } from '../configurations/configurations.ts'
import { addProgram, connectProgram } from '../configurations/connect.ts'
import { programs } from '../configurations/programs.ts'
import { draftSignIn, renewClientSecret, reviewOwnerChange, setSignIn } from '../set-sign-in.ts'
import { previewOf, previewSchema } from './preview.ts'
import { appId, settings } from './settings-input.ts'
import { signInSchema, signInView } from './sign-in-view.ts'

type Needs = Core & { apps: Apps; appSignIns: AppSignIns; developers: Developers }
type Setting = Needs & { corps: Corps }

const version = optionalInteger('打开表单时的 version；他人在此后保存过则拒绝', {
  min: 0,
  max: 2_147_483_647,
})

export const showSignIn = pageCall({
  method: 'GET',
  path: '/web/apps/sign-in',
  range: 'app',
  access: administrator('super'),
  point: 'app:read',
  input: { id: appId },
  output: signInSchema,
  handle: (ctx: Needs, { input, corpId, request }) =>
    signInView(ctx, ctx.apps.get(corpId, input.id), languageAsked(request)),
})

export const saveSignIn = pageCall({
  method: 'POST',
  path: '/web/apps/sign-in/save',
  range: 'app',
  access: administrator('super'),
  point: 'app:sign-in',
  input: {
    id: appId,
    version,
    settings,
  },
  output: Type.Object({
    version: Type.Number(),
    /** Shown only now; '' where none was made. */
    clientSecret: Type.String(),
  }),
  async handle(ctx: Setting, { input, visitor, corpId }) {
    const { id, version } = input
    if (version === undefined) throw new ApiError('missingParameter', 'version')
    const by = { actor: visitor.actor, approves: true }
    const { signIn, clientSecret } = await setSignIn(ctx, by, corpId, id, input.settings, version)
    return { version: signIn?.version ?? 0, clientSecret }
  },
})

export const renewSecret = pageCall({
  method: 'POST',
  path: '/web/apps/sign-in/renew-secret',
  range: 'app',
  access: administrator('super'),
  point: 'app:sign-in',
  input: { id: appId },
  output: Type.Object({ clientSecret: Type.String() }),
  async handle(ctx: Setting, { input, visitor, corpId }) {
    return { clientSecret: await renewClientSecret(ctx, visitor.actor, corpId, input.id) }
  },
})

export const reviewSignIn = pageCall({
  method: 'POST',
  path: '/web/apps/sign-in/review',
  range: 'app',
  access: administrator('super'),
  point: 'app:sign-in',
  input: { id: appId },
  output: Type.Object({}),
  async handle(ctx: Setting, { input, visitor, corpId }) {
    await reviewOwnerChange(ctx, visitor.actor, corpId, input.id)
    return {}
  },
})

/** What the form as it stands would give the application about a person. A POST because its input is too long for a URL. */
export const previewSignIn = pageCall({
  method: 'POST',
  path: '/web/apps/sign-in/release',
  access: administrator('super'),
  point: 'app:sign-in',
  directory: true,
  input: { id: appId, userId: text('成员账号', { max: 64 }), settings },
  output: previewSchema,
  handle(ctx: Setting & { mirrors: Mirrors; roles: Roles }, { input, corpId, request }) {
    const app = ctx.apps.get(corpId, input.id)
    const member = memberOf(ctx, corpId, input.userId)
    const draft = draftSignIn(ctx, corpId, app.id, input.settings)
    return previewOf(ctx, app, draft, member, languageAsked(request))
  },
})

/** Configurations of well-known software with this app's values; the secret is put in by the page. */
export const signInConfigurations = pageCall({
  method: 'GET',
  path: '/web/apps/sign-in/configurations',
  range: 'app',
  access: administrator('super'),
  point: 'app:read',
  input: { id: appId },
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        /** Whether a test signs in by exactly this. */
        isTried: Type.Boolean(),
        /** Whether the app's redirect addresses are this program's. */
        isRegistered: Type.Boolean(),
        file: Type.String(),
        text: Type.String(),
      }),
    ),
  }),
  handle(ctx: Needs, { input, corpId }) {
    const app = ctx.apps.get(corpId, input.id)
    const signIn = ctx.appSignIns.of(app.id)
    return { list: signIn ? configurationsOf(app, signIn, ctx.appSignIns.addressesOf(corpId)) : [] }
  },
})

/** The programs that people can be signed in to by giving nothing but an address. */
export const listPrograms = pageCall({
  method: 'GET',
  path: '/web/apps/programs',
  access: administrator('super'),
  point: 'app:read',
  input: {},
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        kind: Type.Enum(['oidc', 'cas']),
        letters: Type.String(),
        colour: Type.String(),
        /** What it will be given of each person beside a number. */
        claims: Type.Array(Type.Object({ name: Type.String(), purpose: Type.String() })),
      }),
    ),
  }),
  handle: (_ctx: object, { request }) => {
    const language = languageAsked(request)
    return {
      list: programs.map(({ id, name, kind, icon, claims }) => ({
        id,
        name,
        kind,
        letters: icon.letters,
        colour: icon.colour,
        claims: claims.map(one => ({ name: one.name, purpose: wordsIn(language, one.purpose) })),
      })),
    }
  },
})

const program = text('软件，/web/apps/programs 的 id', { max: 64 })
const address = text('软件的地址', { max: 2000 })
const connected = Type.Object({
  id: Type.String(),
  /** Shown only now; '' where none was made. */
  clientSecret: Type.String(),
})

/** Adds an app for a program and signs people in to it; what it is given is approved by this. */
export const addProgramCall = pageCall({
  method: 'POST',
  path: '/web/apps/programs/add',
  access: administrator('super'),
  point: 'app:sign-in',
  directory: true,
  input: {
    program,
    address,
    name: text('应用的名称', { max: 64 }),
    icon: optionalText('图标，base64', { max: 400_000 }),
  },
  output: connected,
  handle: (ctx: Setting & { mirrors: Mirrors }, { input, visitor, corpId, request }) => {
    const { icon, ...given } = input
    const by = { actor: visitor.actor, approves: true }
    return addProgram(ctx, by, corpId, {
      ...given,
      icon: icon ? Buffer.from(icon, 'base64') : undefined,
      language: languageAsked(request),
    })
  },
})

/** Signs people in to an app that is this program; what it is given is approved by this. */
export const connectProgramCall = pageCall({
  method: 'POST',
  path: '/web/apps/programs/connect',
  access: administrator('super'),
  point: 'app:sign-in',
  input: { id: appId, version, program, address },
  output: connected,
  handle: (ctx: Setting, { input, visitor, corpId, request }) => {
    if (input.version === undefined) throw new ApiError('missingParameter', 'version')
    const by = { actor: visitor.actor, approves: true }
    return connectProgram(ctx, by, corpId, {
      ...input,
      version: input.version,
      language: languageAsked(request),
    })
  },
})
