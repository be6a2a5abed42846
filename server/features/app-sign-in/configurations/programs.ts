import { ApiError } from '../../../platform/http/errors.ts'
import { checkText } from '../../../platform/http/rules.ts'
import { told } from '../../../platform/http/told.ts'
import { type Language, wordsIn } from '../../../platform/words.ts'
import type { AppSignIn } from '../app-sign-in.ts'
import type { SignInSettings } from '../setting/settings.ts'
import { casPrograms } from './cas.ts'
import type { Program } from './configuration.ts'
import { oidcPrograms } from './oidc.ts'

/** The programs that wisp knows, in the order in which they are offered. */
export const programs: readonly Program[] = [...oidcPrograms, ...casPrograms]

/** Throws 1000. */
export function programOf(id: string): Program {
  const program = programs.find(one => one.id === id)
  if (program) return program
  const known = programs.map(one => one.id).join(', ')
  throw new ApiError('badParameter', {
    zh: told`program 没有 ${id}，应为 ${known} 之一`,
    en: told`program: there is no ${id}, it should be one of ${known}`,
  })
}

/** How wisp signs people in to the program at this address; `home` is the address with a slash at its end. Throws 1000. */
export function settingsFor(
  program: Program,
  address: string,
  language: Language,
): { home: string; settings: SignInSettings } {
  const home = readAddress(address)
  const below = (path: string) => `${home.replace(/\/$/, '')}${path}`
  const claims = program.claims.map(({ name, purpose }) => ({ name, purpose: wordsIn(language, purpose) }))
  if (program.kind === 'cas') return { home, settings: { kind: 'cas', claims, cas: { services: [home] } } }
  const { callbacks, logout } = program
  const oidc = { redirectUris: callbacks.map(below), ...(logout ? { logoutUri: below(logout) } : {}) }
  return { home, settings: { kind: 'oidc', claims, oidc } }
}

/** Whether people are sent back to where this program takes them. Of CAS only the address is known, which says nothing of it. */
export function registeredFor(program: Program, { oidc }: Pick<AppSignIn, 'oidc'>): boolean {
  if (program.kind !== 'oidc' || !oidc) return false
  return program.callbacks.some(path => oidc.redirectUris.some(uri => uri.endsWith(path)))
}

function readAddress(address: string): string {
  checkText(address, 'address', 1900)
  const url = URL.parse(address.trim())
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username || url.password)
    throw new ApiError('badParameter', {
      zh: told`address 应为完整的地址，如 https://grafana.example.edu，不带参数和用户名，收到 ${address}`,
      en: told`address should be a whole address such as https://grafana.example.edu, without a query and a user name, got ${address}`,
    })
  return url.href.endsWith('/') ? url.href : `${url.href}/`
}
