import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import { type Words, wordsIn } from '../../platform/http/words.ts'
import type { PasswordRules } from '../protection/settings.ts'
import * as store from './account-store.ts'
import { checkPassword } from './password-rules.ts'
import { verifyPassword } from './passwords.ts'

/** Checks a password that an account is to have, also against its former ones. `what` names it in the error. Throws 1000. */
export async function checkNewPassword(
  ctx: Pick<Core, 'db'>,
  name: string,
  password: string,
  what: Words,
  rules: PasswordRules,
): Promise<void> {
  await checkPassword(password, name, what, rules)
  const { passwordHistory } = rules
  if (passwordHistory === 0) return
  const present = (await store.adminAccount(ctx.db, name))?.password
  const former = await store.oldPasswords(ctx.db, name, passwordHistory)
  for (const old of present ? [present, ...former] : former)
    if (await verifyPassword(password, old))
      throw new ApiError('badParameter', {
        zh: told`${own(wordsIn('zh', what))}不能与当前密码和之前的 ${own(passwordHistory)} 个密码相同`,
        en: told`${own(wordsIn('en', what))} cannot be the present one or one of the ${own(passwordHistory)} passwords before it`,
      })
}
