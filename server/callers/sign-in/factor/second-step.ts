import { hash } from 'node:crypto'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import type { Sessions } from '../../sessions/sessions.ts'
import { adminAccount } from '../account-store.ts'
import { accountOf } from '../password-sign-in.ts'
import { openState, sealState } from '../sealed-state.ts'
import { noteFailure, noteSignIn } from '../sign-in-audit.ts'
import { type CodeKind, checkCode } from './check-code.ts'
import { secondFactorStatus } from './second-factor.ts'

const purpose = 'second factor step'
const stateMs = 5 * 60_000

type State = { name: string; password: string }

/**
 * The first step: checks the password. `state` is for `signInByCode`, or '' for an account without a second factor, which is
 * signed in by its password alone. Throws 1009, 1010.
 */
export async function signInByPassword(
  ctx: Core,
  address: string,
  given: { name: string; password: string },
): Promise<{ adminName: string; state: string }> {
  const adminName = await accountOf(ctx, address, given)
  if ((await secondFactorStatus(ctx, { adminName })).isOn) {
    const state: State = { name: adminName, password: await passwordOf(ctx, adminName) }
    return { adminName, state: sealState(ctx, purpose, state, stateMs) }
  }
  await noteSignIn(ctx, adminName, address)
  return { adminName, state: '' }
}

/**
 * The second step; returns the local account. The state of five minutes is void once the password was changed.
 * Throws 1000, 1009, 1010.
 */
export async function signInByCode(
  ctx: Core & { sessions: Sessions },
  address: string,
  given: { state: string; code: string },
): Promise<{ adminName: string; kind: CodeKind }> {
  const state = openState<State>(ctx, purpose, given.state)
  if (!state || state.password !== (await passwordOf(ctx, state.name)))
    throw new ApiError('badParameter', {
      zh: '登录已过期，请重新输入密码',
      en: 'the sign-in has expired: enter the password again',
    })
  const { name } = state
  try {
    const kind = await checkCode(ctx, { adminName: name }, given.code)
    await noteSignIn(ctx, name, address, { secondFactor: true })
    return { adminName: name, kind }
  } catch (error) {
    if (error instanceof ApiError && error.code === '1009')
      noteFailure(ctx, name, address, { secondFactor: true })
    throw error
  }
}

async function passwordOf(ctx: Core, name: string): Promise<string> {
  return hash('sha256', (await adminAccount(ctx.db, name))?.password ?? '', 'hex')
}
