import type { Words } from '../../platform/words.ts'
import type { AssessedState } from './state.ts'

/** `partly`: what wisp does is part of the clause. `outside`: the organisation does it, around wisp. */
export const verdicts = ['met', 'partly', 'not', 'outside'] as const
export type Verdict = (typeof verdicts)[number]

export type Finding = { verdict: Verdict; why: Words }

/** A page of the console; `isSystem`: the system super administrator alone may open it. */
export type Place = { path: string; isSystem?: true } & Words

/** Where somebody changes what a check looks at: a page of the console. */
export type CheckPlace = keyof typeof places

export const places = {
  protection: { path: '/console/system/protection', zh: '登录保护', en: 'Sign-in protection' },
  factor: { path: '/console/system/second-factor', zh: '两步验证', en: 'Second factor', isSystem: true },
  ways: { path: '/console/system/sign-in-ways', zh: '登录方式', en: 'Ways of signing in' },
  roles: { path: '/console/directory/roles', zh: '管理员', en: 'Administrators' },
  three: { path: '/console/system/three', zh: '三员', en: 'Three administrators' },
  ownRoles: { path: '/console/directory/own-roles', zh: '自定义角色', en: 'Own roles' },
  audit: { path: '/console/system/audit', zh: '审计', en: 'Audit log' },
  integrity: { path: '/console/system/audit/integrity', zh: '完整性', en: 'Integrity' },
  forwarding: { path: '/console/system/forwarding', zh: '审计转发（SIEM）', en: 'Forwarding (SIEM)' },
  corp: { path: '/console/system/corps/settings', zh: '企业设置', en: 'Settings of the corp' },
  backups: { path: '/console/system/backups', zh: '备份', en: 'Backups', isSystem: true },
  about: { path: '/console/system/about', zh: '关于', en: 'About', isSystem: true },
  developers: { path: '/console/apps/developers', zh: '开发者', en: 'Developers' },
} as const satisfies Record<string, Place>

/**
 * One clause of GB/T 22239-2019 level 3, as far as it concerns wisp (docs/upstream/gb-t-22239.md#clauses): `find` looks at the state of
 * this installation and corp alone, and has an effect on nothing.
 */
export type Check = {
  /** The number of the clause and its letter, such as `8.1.4.1 a`. */
  clause: string
  asks: Words
  place?: CheckPlace
  find: (state: AssessedState) => Finding
}

export const met = (zh: string, en: string): Finding => ({ verdict: 'met', why: { zh, en } })
export const partly = (zh: string, en: string): Finding => ({ verdict: 'partly', why: { zh, en } })
export const not = (zh: string, en: string): Finding => ({ verdict: 'not', why: { zh, en } })
export const outside = (zh: string, en: string): Finding => ({ verdict: 'outside', why: { zh, en } })
