import type { Kysely } from 'kysely'
import { adminAccount } from '../../server/callers/sign-in/account-store.ts'
import { verifyPassword } from '../../server/callers/sign-in/passwords.ts'
import type { Tables } from '../../server/platform/storage/tables.ts'
import { hasActed } from './visitor-acts.ts'

type Account = { user: string; password: string }

/** What `npm start` knows of the local administrator. It looks into the database, because wisp tells nobody. */
export class Administrator {
  readonly #account: Account
  readonly #db: Kysely<Tables>
  #verified: { stored: string; isSame: boolean } | undefined

  constructor(db: Kysely<Tables>, account: Account) {
    this.#db = db
    this.#account = account
  }

  /** The password as long as it is the right one; undefined once another one was set. */
  async password(): Promise<string | undefined> {
    const { user, password } = this.#account
    const stored = (await adminAccount(this.#db, user))?.password ?? ''
    if (this.#verified?.stored !== stored)
      this.#verified = { stored, isSame: await verifyPassword(password, stored) }
    return this.#verified.isSame ? password : undefined
  }

  hasSignedIn(): Promise<boolean> {
    return hasActed(this.#db, this.#account.user, 'sign-in.password')
  }
}
