import type { Corps } from '../../../organisation/corps/corps.ts'
import { checkOn } from '../../../organisation/corps/features/check-on.ts'
import type { Core } from '../../../platform/core.ts'
import type { Offered } from '../../../platform/manifest/offered.ts'
import * as edit from '../../auto-replies/edit.ts'
import type { Account } from '../accounts/accounts.ts'
import { accountKind, type NewFlow, type NewRule, ownerOf } from './account-rules.ts'
import type { Content } from './content.ts'

// Changes to an account's rules and flows, which hold on all nodes within a second. All of them throw 1009 while the feature is off.

type Needs = Core & { corps: Corps; offered: Offered }
type By = { actor: string; account: Account }

function inBook(ctx: Needs, { actor, account }: By): edit.By<Content> {
  checkOn(ctx, account.corpId, 'official')
  return { actor, kind: accountKind, owner: ownerOf(account) }
}

/** Adds rules, all or none. Returns their ids. Throws 1000 and 1001. */
export async function addRules(ctx: Needs, by: By, given: readonly NewRule[]): Promise<number[]> {
  return edit.addRules(ctx, inBook(ctx, by), given)
}

/** `expected` is the version of the form that was filled (form-version.ts). Throws 1000 and 1001. */
export async function setRule(
  ctx: Needs,
  by: By,
  id: number,
  given: NewRule,
  expected?: string,
): Promise<void> {
  return edit.setRule(ctx, inBook(ctx, by), id, given, expected)
}

/** Throws 1000. */
export async function removeRule(ctx: Needs, by: By, id: number): Promise<void> {
  return edit.removeRule(ctx, inBook(ctx, by), id)
}

/** Returns the flow's id. Throws 1000 and 1001. */
export async function addFlow(ctx: Needs, by: By, given: NewFlow): Promise<number> {
  return edit.addFlow(ctx, inBook(ctx, by), given)
}

/** Throws 1000 and 1001. */
export async function setFlow(
  ctx: Needs,
  by: By,
  id: number,
  given: NewFlow,
  expected?: string,
): Promise<void> {
  return edit.setFlow(ctx, inBook(ctx, by), id, given, expected)
}

/** Throws 1000, also while a rule begins it. */
export async function removeFlow(ctx: Needs, by: By, id: number): Promise<void> {
  return edit.removeFlow(ctx, inBook(ctx, by), id)
}
