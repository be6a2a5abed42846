import { type Static, Type } from 'typebox'
import { time } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { type Language, languageOf } from '../../../platform/words.ts'
import { abilities, abilityNames, whose, whyNot } from './abilities.ts'
import { accountsFor } from './access.ts'
import { type Account, type Accounts, accountKinds, callbackModes } from './accounts.ts'

const abilitySchema = Type.Object({
  name: Type.Enum(abilityNames),
  title: Type.String(),
  subscription: Type.Enum(whose),
  service: Type.Enum(whose),
  /** Why the account may not; '' when it may. */
  why: Type.String(),
})

const accountSchema = Type.Object({
  originalId: Type.String(),
  name: Type.String(),
  appId: Type.String(),
  kind: Type.Enum(accountKinds),
  verified: Type.Boolean(),
  enabled: Type.Boolean(),
  mode: Type.Enum(callbackModes),
  iconHash: Type.Union([Type.String(), Type.Null()]),
  callbackVerifiedAt: Type.Union([time, Type.Null()]),
  abilities: Type.Array(abilitySchema),
})
export type AccountView = Static<typeof accountSchema>

/** The accounts that the visitor may work with, in the order in which they were bound. */
export const listAccounts = pageCall({
  method: 'GET',
  path: '/web/official/accounts',
  access: administrator('graded'),
  point: 'official:read',
  input: {},
  output: Type.Object({ list: Type.Array(accountSchema), total: Type.Number() }),
  handle(ctx: { accounts: Accounts }, { corpId, visitor, request }) {
    const language = languageOf(request.headers['accept-language'])
    const list = accountsFor(ctx, visitor, corpId).map(account => viewOf(account, language))
    return { list, total: list.length }
  },
})

function viewOf(account: Account, language: Language): AccountView {
  const { originalId, name, appId, kind, verified, enabled, mode, iconHash, callbackVerifiedAt } = account
  return {
    originalId,
    name,
    appId,
    kind,
    verified,
    enabled,
    mode,
    iconHash,
    callbackVerifiedAt,
    abilities: abilityNames.map(ability => ({
      name: ability,
      ...abilities[ability],
      title: abilities[ability].title[language],
      why: whyNot(account, ability)?.[language] ?? '',
    })),
  }
}
