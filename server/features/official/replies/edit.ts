import type { Core } from '../../../platform/core.ts'
import * as edit from '../../auto-replies/edit.ts'
import type { Account } from '../accounts/accounts.ts'
import { accountKind, type NewFlow, type NewRule, ownerOf } from './account-rules.ts'
import type { Content } from './content.ts'

// Changes to an account's rules and flows, which hold on all nodes within a second.

type By = { actor: string; account: Account }

function inBook({ actor, account }: By): edit.By<Content> {
  return { actor, kind: accountKind, owner: ownerOf(account) }
}

/** Adds rules, all or none. Returns their ids. Throws 1000 and 1001. */
export function addRules(ctx: Core, by: By, given: readonly NewRule[]): Promise<number[]> {
  return edit.addRules(ctx, inBook(by), given)
}

/** `expected` is the version of the form that was filled (form-version.ts). Throws 1000 and 1001. */
export function setRule(ctx: Core, by: By, id: number, given: NewRule, expected?: string): Promise<void> {
  return edit.setRule(ctx, inBook(by), id, given, expected)
}

/** Throws 1000. */
export function removeRule(ctx: Core, by: By, id: number): Promise<void> {
  return edit.removeRule(ctx, inBook(by), id)
}

/** Returns the flow's id. Throws 1000 and 1001. */
export function addFlow(ctx: Core, by: By, given: NewFlow): Promise<number> {
  return edit.addFlow(ctx, inBook(by), given)
}

/** Throws 1000 and 1001. */
export function setFlow(ctx: Core, by: By, id: number, given: NewFlow, expected?: string): Promise<void> {
  return edit.setFlow(ctx, inBook(by), id, given, expected)
}

/** Throws 1000, also while a rule begins it. */
export function removeFlow(ctx: Core, by: By, id: number): Promise<void> {
  return edit.removeFlow(ctx, inBook(by), id)
}
