import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { Words } from '../../platform/http/words.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import type { Setups } from '../messages/channels/channel.ts'
import type { Accounts } from '../official/accounts/accounts.ts'
import type { Merchants } from '../payments/merchants/merchants.ts'

export type CauseNeeds = Core & {
  accounts: Accounts
  corps: Corps
  merchants: Merchants
  messageSettings: Setups
  outbound: Outbound
}

/** Something that needs an administrator. `detail` are the parameters of its words. */
export type Occurrence<D> = {
  /** Null when it is of the installation rather than of one corp. */
  corpId: string | null
  /** Which of several, such as a channel or an agent; absent where there is only one. */
  subject?: string
  detail: D
}

export type Telling = {
  title: Words
  what: Words
  /** What to change, and where. */
  fix: Words
  /** The page of the console where it is mended. */
  path: string
}

/**
 * Why somebody may have to be told. `find` looks for all corps at once, with a number of queries that does not grow with
 * theirs, and takes each truth from where the doctor and the overview take it. `unclear` are corps of which it learned
 * nothing: their alerts stay as they are.
 */
export type Cause<D = never> = {
  find(ctx: CauseNeeds): Promise<{ found: Occurrence<D>[]; unclear?: ReadonlySet<string | null> }>
  tell(detail: D): Telling
}

/** Any cause, whose details only itself reads. */
export type AnyCause = {
  find(ctx: CauseNeeds): Promise<{ found: Occurrence<object>[]; unclear?: ReadonlySet<string | null> }>
  tell(detail: never): Telling
}
