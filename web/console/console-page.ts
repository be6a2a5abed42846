import type { ComponentType } from 'react'
import type { Areas } from '../text/areas.ts'
import type { EntryName } from './entries.ts'

/** Who may open a page. The server checks the same for each of its calls. */
export type PageLevel = 'helpDesk' | 'graded' | 'super' | 'system'

export type ConsolePage = {
  path: string
  /** The key of its name in the console's texts, which no other page has. */
  name: keyof Areas['console']
  /** The key of a shorter name, for the tab that stands below the name of its entry. */
  tab?: keyof Areas['console']
  /** The entry of the navigation that leads to it. The pages of an entry are tabs. */
  entry: EntryName
  /** For a page that is opened from another page: that page, whose tab is marked while it is open. */
  under?: string
  /** The frame offers it beside the page that it is under; it is a tab of its own for somebody who may not open that page. */
  isLinked?: true
  /** The page of one object, which names the browser's tab after it and has tabs of its own. */
  isObject?: true
  level: PageLevel
  /** The optional feature that the page belongs to. */
  feature?:
    | 'approvals'
    | 'official'
    | 'payments'
    | 'message-types'
    | 'group-chats'
    | 'group-robots'
    | 'groups'
    | 'people-source'
    | 'external-people'
  /** The page is of use while its feature is switched off. */
  whenOff?: true
  /** The page is useful before the first corp is connected. */
  withoutCorp?: true
  load(): Promise<{ Page: ComponentType }>
}
