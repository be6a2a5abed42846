import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { adminAccount } from '../../server/callers/sign-in/account-store.ts'
import { verifyPassword } from '../../server/callers/sign-in/passwords.ts'
import { auditEntries } from '../../server/platform/audit/store.ts'
import type { Tables } from '../../server/platform/storage/tables.ts'

type Account = { user: string; password: string }

/** What `npm start` knows of the local administrator. It looks into the database, because wisp tells nobody. */
export class Administrator {
  readonly #account: Account
  readonly #db: Kysely<Tables>
  #verified: { stored: string; isSame: boolean } | undefined

  constructor(databaseUrl: string, account: Account) {
    const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 })
    // Without a listener, an idle connection closed by the server would end the process.
    pool.on('error', () => undefined)
    this.#db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
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

  async hasSignedIn(): Promise<boolean> {
    const filter = {
      corpId: undefined,
      withInstallation: true,
      actor: this.#account.user,
      act: 'sign-in.password',
      target: undefined,
      from: undefined,
      to: undefined,
    }
    const { total } = await auditEntries(this.#db, filter, { limit: 1, offset: 0, descending: true })
    return total > 0
  }

  close(): Promise<void> {
    return this.#db.destroy()
  }
}
