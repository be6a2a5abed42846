import { type Static, Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { type Language, type Words, wordsIn } from '../../../platform/words.ts'
import type { Corp, Corps } from '../corps.ts'

/** The result of one check. `ok` is false for what keeps the corp from working, but not for a warning. */
export type Finding = {
  id: string
  ok: boolean
  state: 'ok' | 'warning' | 'failed'
  title: Words
  /** What was found, in words for an administrator. */
  detail: Words | string
  /** What to change, and where. */
  fix?: Words
}

/** One thing that the setup doctor looks at. Higher storeys offer theirs. */
export type CorpCheck = (
  ctx: Core & { corps: Corps; outbound: Outbound },
  corp: Corp,
) => Finding | Promise<Finding[]>

/** A finding in the reader's language. */
export const checkSchema = Type.Object({
  id: Type.String(),
  ok: Type.Boolean(),
  state: Type.Enum(['failed', 'warning', 'ok']),
  title: Type.String(),
  detail: Type.String(),
  fix: Type.Optional(Type.String()),
})
export type Check = Static<typeof checkSchema>

/** Findings stored by an earlier version are plain text already. */
export function checkIn(language: Language, { title, detail, fix, ...rest }: Finding): Check {
  return {
    ...rest,
    title: wordsIn(language, title),
    detail: wordsIn(language, detail),
    ...(fix ? { fix: wordsIn(language, fix) } : {}),
  }
}

export function passed(id: string, title: Words, detail: Words | string): Finding {
  return { id, ok: true, state: 'ok', title, detail }
}

export function warning(id: string, title: Words, detail: Words, fix?: Words): Finding {
  return { id, ok: true, state: 'warning', title, detail, ...(fix ? { fix } : {}) }
}

export function failed(id: string, title: Words, detail: Words, fix?: Words): Finding {
  return { id, ok: false, state: 'failed', title, detail, ...(fix ? { fix } : {}) }
}

/** Pages of WeCom's console that a fix refers to. */
export const pages = {
  corp: {
    zh: '企业微信管理后台「我的企业 → 企业信息」',
    en: 'the WeCom admin console: My Company → Company Information (我的企业 → 企业信息)',
  },
  contact: {
    zh: '企业微信管理后台「管理工具 → 通讯录同步」',
    en: 'the WeCom admin console: Management Tools → Contacts Sync (管理工具 → 通讯录同步)',
  },
  apps: {
    zh: '企业微信管理后台「应用管理 → 自建应用」',
    en: 'the WeCom admin console: App Management → Self-built (应用管理 → 自建应用)',
  },
} as const satisfies Record<string, Words>

/** Where in wisp something is fixed: in the console, or on the command line. */
export const places = {
  corp: {
    zh: 'wisp「系统 → 企业与体检 → 设置」（或 wisp corp set）',
    en: 'the platform: System → Corps and check-up → Settings (or wisp corp set)',
  },
  agents: {
    zh: 'wisp「系统 → 企业与体检 → 自建应用」（或 wisp agent add）',
    en: 'the platform: System → Corps and check-up → Applications (or wisp agent add)',
  },
  sync: {
    zh: 'wisp「通讯录 → 同步」（或 wisp sync run）',
    en: 'the platform: Address book → Sync (or wisp sync run)',
  },
  approve: {
    zh: 'wisp「通讯录 → 同步」（或 wisp sync approve）',
    en: 'the platform: Address book → Sync (or wisp sync approve)',
  },
  events: {
    zh: 'wisp「日志 → 变更事件」（或 wisp sync events、wisp sync replay）',
    en: 'the platform: Logs → Change events (or wisp sync events, wisp sync replay)',
  },
} as const satisfies Record<string, Words>

export const tryLater: Words = { zh: '请稍后再检查一次。', en: 'Check again later.' }

export function noConclusion(why: Words): Words {
  return { zh: `没有结论：${why.zh}`, en: `No conclusion: ${why.en}` }
}
