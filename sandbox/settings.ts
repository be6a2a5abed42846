import type { MessageLimits } from './messages/rules.ts'
import type { CallLimits } from './rules/limits.ts'

/** The settings made in WeCom's console, which survive a restart and a reset. */
export interface Settings {
  /** `full` is WeCom before 2022; `restricted` is described in docs/upstream/wecom-directory.md#the-restrictions-of-2022. */
  regime: 'full' | 'restricted'
  /** Allowed caller addresses, by agent id or `contact`. Secrets that are not listed may be used from anywhere. */
  trustedIps: Record<string, string[]>
  limits: CallLimits & MessageLimits & SmsLimits
  callback: CallbackSettings | null
  /** Where agents push what they hear, by agent id. */
  agentCallbacks: Record<string, CallbackSettings>
  /** Menus of agents, by agent id. */
  agentMenus: Record<string, AgentButton[]>
  /** Userids of members without an interface licence: messages do not reach them, and the answer names them. */
  unlicensed: string[]
  /** Changes to agents, by agent id. Members are given as slots. */
  agents: Record<
    string,
    {
      disabled?: boolean
      trustedDomain?: string
      visible?: { departments: number[]; users: number[]; tags: number[] }
    }
  >
}

/** A button of an agent's menu, as it was given. */
export interface AgentButton {
  name: string
  type?: string
  key?: string
  url?: string
  appid?: string
  pagepath?: string
  sub_button?: AgentButton[]
}

/** Minimum seconds between two SMS to one number, and SMS per number and day; null means no limit. */
export interface SmsLimits {
  smsPerNumberSeconds: number | null
  smsPerNumberDay: number | null
}

export interface CallbackSettings {
  url: string
  token: string
  encodingAesKey: string
  /** Delays before the second and the third attempt, in ms. */
  retryDelaysMs: [number, number]
  /** Time limit for the receiver's answer, in ms. */
  timeoutMs: number
}

/** Changes the settings and stores them in the journal. */
export type ChangeSettings = (change: Partial<Settings>) => void

export const defaultSettings = (): Settings => ({
  regime: 'full',
  trustedIps: {},
  limits: {
    perMinute: null,
    concurrent: null,
    perMemberMinute: 30,
    perMemberHour: 1000,
    perAgentDay: 'wecom',
    smsPerNumberSeconds: null,
    smsPerNumberDay: null,
  },
  callback: null,
  agentCallbacks: {},
  agentMenus: {},
  unlicensed: [],
  agents: {},
})
