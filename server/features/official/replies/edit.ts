import type { Corps } from '../../../organisation/corps/corps.ts'
import { checkOn } from '../../../organisation/corps/features/check-on.ts'
import type { Core } from '../../../platform/core.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { editsOf, type RuleEditor as InBook } from '../../auto-replies/edit.ts'
import type { Account } from '../accounts/accounts.ts'
import { accountKind, ownerOf } from './account-rules.ts'
import type { Content } from './content.ts'

// Changes to an account's rules and flows, which hold on all nodes within a second. All of them throw 1009 while the feature is off.

type Needs = Core & { corps: Corps; offered: FeatureOffers }
type RuleEditor = { actor: string; account: Account }

function inBook(ctx: Needs, { actor, account }: RuleEditor): InBook<Content> {
  checkOn(ctx, account.corpId, 'official')
  return { actor, kind: accountKind, owner: ownerOf(account) }
}

export const accountEdits = editsOf(inBook)
export const { addRules, setRule, removeRule, addFlow, setFlow, removeFlow } = accountEdits
