import { type MemberCore, userKey } from '../members.ts'
import { nameAt, ordersAt, userIdAt } from './texts.ts'

/** A member as it was when it was asked for. Its texts are read out of their bytes when somebody wants them. */
export class StoredCore implements MemberCore {
  readonly ordinal: number
  readonly id: number
  readonly status: number
  readonly departments: readonly number[]
  readonly hash: number
  readonly #bytes: Buffer
  readonly #at: number
  #userId: string | undefined
  #key: string | undefined
  #name: string | undefined

  constructor(
    ordinal: number,
    { id, status, departments, hash }: Pick<MemberCore, 'id' | 'status' | 'departments' | 'hash'>,
    bytes: Buffer,
    at: number,
  ) {
    this.ordinal = ordinal
    this.id = id
    this.status = status
    this.departments = departments
    this.hash = hash
    this.#bytes = bytes
    this.#at = at
  }

  get userId(): string {
    this.#userId ??= userIdAt(this.#bytes, this.#at)
    return this.#userId
  }

  get key(): string {
    this.#key ??= userKey(this.userId)
    return this.#key
  }

  get name(): string {
    this.#name ??= nameAt(this.#bytes, this.#at)
    return this.#name
  }

  get orders(): readonly number[] {
    return ordersAt(this.#bytes, this.#at, this.departments.length)
  }
}
