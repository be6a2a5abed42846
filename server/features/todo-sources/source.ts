import type { App } from '../apps/app.ts'

/** Whose words it speaks: 泛微, 致远, 蓝凌. */
export const sourceKinds = ['weaver', 'seeyon', 'landray'] as const
export type SourceKind = (typeof sourceKinds)[number]

/** What a system calls people by. */
export const sourceMatches = ['userid', 'employeeNo', 'mobile', 'email'] as const
export type SourceMatch = (typeof sourceMatches)[number]

/** What an administrator sets for a source, but for its password. */
export type SourceSettings = {
  name: string
  match: SourceMatch
  enabled: boolean
  /** IP addresses and networks that may send; empty: all. */
  addresses: readonly string[]
  /** What the systems behind it call themselves (syscode, registerCode, appName); empty: any. */
  systems: readonly string[]
  /** Put in front of addresses that are relative. */
  pcPrefix: string
  appPrefix: string
  /** Whether a to-do is taken whose sender is not in the address book. */
  takesUnknownSender: boolean
  /** For the token of 致远, and for Basic and the SOAP header of 蓝凌; '' where the address alone is enough. */
  userName: string
}

/** A system that sends its to-dos in its vendor's words, to an address of its own. */
export type Source = SourceSettings & {
  corpId: string
  id: string
  appId: string
  kind: SourceKind
  /** Sealed, as `password` is. */
  key: string
  password: string
  version: number
  pushedAt: Date | null
  createdAt: Date
  updatedAt: Date
  updatedBy: string
}

/** A source with the app that its to-dos belong to. */
export type SourceOfApp = Source & { app: Pick<App, 'homeUrl' | 'mobileUrl'> }

export const sourcePrefix = '/api/todo/source/'

/** The address that is entered at the vendor's; its own paths follow. */
export function baseOf(publicUrl: string, key: string): string {
  return `${publicUrl}${sourcePrefix}${key}`
}
