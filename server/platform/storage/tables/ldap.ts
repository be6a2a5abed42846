import type { Generated } from 'kysely'

/** LDAP clients and application passwords; migrations/0185-ldap.sql explains the columns. */
export type LdapTables = {
  ldap_client: {
    corp_id: string
    app_id: string
    name: string
    secret_hash: string
    is_everyone: boolean
    departments: number[]
    fields: string[]
    version: Generated<number>
    updated_at: Date
    updated_by: string
  }
  ldap_password: {
    corp_id: string
    id: string
    app_id: string
    member_id: number
    hash: string
    made_at: Date
    used_at: Date | null
    used_from: string
  }
}
